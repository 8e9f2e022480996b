import type { Field } from "../../protocol.ts"
import { useSay } from "../language.tsx"
import { Secret } from "./secret.tsx"

/** Headers or the fields of a body, each with what it is for. */
export function FieldList({ title, fields }: { readonly title: string; readonly fields: readonly Field[] }) {
  const say = useSay()
  return (
    <section class="block">
      <h3>{title}</h3>
      <dl class="fields">
        {fields.map(({ name, value, secret, explain }, index) => (
          <div key={index} class="field">
            <dt>
              <code>{name}</code>
            </dt>
            <dd>
              {secret === undefined ? (
                <code class="value">{value}</code>
              ) : (
                <Secret value={value} why={secret} of={name} />
              )}
              {explain !== undefined && <p class="explain">{say(explain)}</p>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
