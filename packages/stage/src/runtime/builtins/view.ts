import { builtin } from "./builtin.ts"

export const view = builtin("view", {})

export const viewStyle = "wx-view { display: block; } wx-view[hidden] { display: none; }"
