import { builtin, enclosed, type Part } from "./builtin.ts"

export const form = builtin("form", {
  properties: { reportSubmit: { type: Boolean }, reportSubmitTimeout: { type: Number } },
})

/** Fires `submit` with the values of the fields that have a name. */
export function submitForm(part: Part): void {
  const value = Object.fromEntries(
    enclosed(part, [...fields.keys()]).flatMap(field => {
      const name = field.get<string>("name")
      return name ? [[name, fields.get(field.host.localName.slice("wx-".length))?.read(field)]] : []
    }),
  )
  part.trigger("submit", { value, target: {} })
}

/** Sets the fields to what they were and fires `reset`. */
export function resetForm(part: Part): void {
  for (const field of enclosed(part, [...fields.keys()]))
    fields.get(field.host.localName.slice("wx-".length))?.reset(field)
  part.trigger("reset", {})
}

interface Field {
  readonly read: (part: Part) => unknown
  readonly reset: (part: Part) => void
}

const fields = new Map<string, Field>()

/** Makes a component take part in forms. @param tag as in WXML */
export function formField(tag: string, field: Field): void {
  fields.set(tag, field)
}

export const formStyle = "wx-form { display: block; }"
