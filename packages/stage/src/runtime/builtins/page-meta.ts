import { builtin } from "./builtin.ts"

/** Accepted; the page looks as its JSON says. */
export const pageMeta = builtin("page-meta", {
  properties: {
    backgroundTextStyle: { type: String },
    backgroundColor: { type: String },
    backgroundColorTop: { type: String },
    backgroundColorBottom: { type: String },
    rootBackgroundColor: { type: String },
    scrollTop: { type: String },
    scrollDuration: { type: Number, value: 300 },
    pageStyle: { type: String },
    pageFontSize: { type: String },
    rootFontSize: { type: String },
    pageOrientation: { type: String },
  },
})

/** As `page-meta`. */
export const navigationBar = builtin("navigation-bar", {
  properties: {
    title: { type: String },
    loading: { type: null },
    frontColor: { type: String },
    backgroundColor: { type: String },
    colorAnimationDuration: { type: Number },
    colorAnimationTimingFunc: { type: String, value: "linear" },
  },
})

export const pageMetaStyle = "wx-page-meta { display: none; }"
