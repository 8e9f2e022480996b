import type { Message } from "../../protocol.ts"
import { useSay } from "../language.tsx"
import { words } from "../words.ts"
import { FieldList } from "./field-list.tsx"
import { RowChanges } from "./row-changes.tsx"
import { TokenCard } from "./token-card.tsx"

/** All that is known of a message: what it means, what was in it, and what it changed. */
export function MessageDetails({ message }: { readonly message: Message }) {
  const say = useSay()
  const { id, note, kind, headers, body, token, rows } = message
  const nothing = note === null && headers.length + body.length + rows.length === 0 && token === null
  return (
    <div class="details" id={`message-${id}`}>
      {note !== null && <p class="details-note">{say(note)}</p>}
      {nothing && <p class="details-note">{say(words.nothingMore)}</p>}
      {token !== null && <TokenCard token={token} />}
      {rows.length > 0 && <RowChanges rows={rows} />}
      {body.length > 0 && <FieldList title={say(words.body)} fields={body} />}
      {headers.length > 0 && (
        <FieldList title={say(kind === "request" ? words.headers : words.replyHeaders)} fields={headers} />
      )}
    </div>
  )
}
