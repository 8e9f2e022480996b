import { builtin } from "./builtin.ts"

/** Accepted; the page looks as its JSON says. */
export const pageMeta = builtin("page-meta", {})

/** As `page-meta`. */
export const navigationBar = builtin("navigation-bar", {})

export const pageMetaStyle = "wx-page-meta { display: none; }"
