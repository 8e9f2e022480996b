import { builtin } from "./builtin.ts"

export const text = builtin("text", {
  properties: {
    selectable: { type: Boolean },
    userSelect: { type: Boolean },
    space: { type: String },
    decode: { type: Boolean },
    overflow: { type: String },
    maxLines: { type: Number },
  },
})

export const textStyle = "wx-text { white-space: pre-line; } wx-text[hidden] { display: none; }"
