import type { Property } from "./builtin.ts"

/** What `checkbox` and `radio` have in common. */
export const markProperties: Readonly<Record<string, Property>> = {
  value: { type: String },
  disabled: { type: Boolean },
  checked: { type: Boolean },
  color: { type: String },
  backgroundColor: { type: String },
  borderColor: { type: String },
  activeBackgroundColor: { type: String },
  activeBorderColor: { type: String },
  iconColor: { type: String },
}

/** Those by which the mark's colours change. */
export const markColors = Object.keys(markProperties).filter(
  name => name === "checked" || /color$/i.test(name),
)
