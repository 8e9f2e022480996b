import { builtin } from "./builtin.ts"

export const matchMedia = builtin("match-media", {
  properties: {
    minWidth: { type: null },
    maxWidth: { type: null },
    width: { type: null },
    minHeight: { type: null },
    maxHeight: { type: null },
    height: { type: null },
    orientation: { type: String },
  },
  setup(part) {
    const { host } = part
    let query: MediaQueryList | undefined
    const show = () => host.toggleAttribute("hidden", query?.matches === false || Boolean(part.get("hidden")))
    const ask = () => {
      query?.removeEventListener("change", show)
      query = undefined
      const conditions = features.flatMap(([property, feature]) => {
        const value = part.get<unknown>(property)
        return value === null || value === ""
          ? []
          : [`(${feature}: ${value}${property === "orientation" ? "" : "px"})`]
      })
      if (conditions.length > 0) query = window.matchMedia(conditions.join(" and "))
      query?.addEventListener("change", show)
      show()
    }
    part.watch(["hidden", ...features.map(([property]) => property)], ask)
    part.onDetached(() => query?.removeEventListener("change", show))
  },
})

/** Properties, and what CSS calls them. */
const features = [
  ["minWidth", "min-width"],
  ["maxWidth", "max-width"],
  ["width", "width"],
  ["minHeight", "min-height"],
  ["maxHeight", "max-height"],
  ["height", "height"],
  ["orientation", "orientation"],
] as const

export const matchMediaStyle = "wx-match-media { display: block; }"
