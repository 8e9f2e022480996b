import { builtin } from "./builtin.ts"

export const text = builtin("text", {
  properties: {
    userSelect: { type: Boolean },
    space: { type: String },
  },
})

export const textStyle = "wx-text { white-space: pre-line; } wx-text[hidden] { display: none; }"
