import { builtin, type DefineBuiltin } from "./builtin.ts"

/** They show what is in them, and do here what a `view` does. */
const names = [
  "draggable-sheet",
  "grid-view",
  "keyboard-accessory",
  "list-view",
  "nested-scroll-body",
  "nested-scroll-header",
  "open-container",
  "root-portal",
  "selection",
  "share-element",
  "snapshot",
  "sticky-header",
  "sticky-section",
]

export const containers: Readonly<Record<string, DefineBuiltin>> = Object.fromEntries(
  names.map(name => [name, builtin(name, {})]),
)

/** Slides in over the page while `show` is set. */
export const pageContainer = builtin("page-container", {
  properties: {
    show: { type: Boolean },
    overlay: { type: Boolean, value: true },
    position: { type: String, value: "bottom" },
    round: { type: Boolean },
  },
  setup(part) {
    const { host } = part
    part.watch(["show", "overlay", "position", "round"], () => {
      for (const flag of ["show", "overlay", "round"]) host.toggleAttribute(flag, Boolean(part.get(flag)))
      host.setAttribute("position", part.get("position"))
    })
    let was = false
    part.watch(["show"], () => {
      const is = part.get<boolean>("show")
      if (is === was) return
      was = is
      for (const type of is ? ["beforeenter", "enter", "afterenter"] : ["beforeleave", "leave", "afterleave"])
        queueMicrotask(() => part.trigger(type, {}))
    })
    // Beside what is in it is the rest of the page.
    host.addEventListener("click", ({ target }) => {
      if (target !== host) return
      part.set("show", false)
      part.trigger("clickoverlay", {})
    })
  },
})

const tags = names.map(name => `wx-${name}`)

export const containersStyle = `
:is(${tags.join(", ")}) { display: block; }
wx-sticky-header { position: sticky; top: 0; z-index: 1; }
wx-page-container { display: none; position: fixed; inset: 0; z-index: 100; flex-direction: column; justify-content: flex-end; }
wx-page-container[show] { display: flex; }
wx-page-container[overlay] { background: rgba(0, 0, 0, .5); }
wx-page-container[position=top] { justify-content: flex-start; }
wx-page-container[position=center] { justify-content: center; }
wx-page-container > * { background: var(--paper); }
wx-page-container[round] > * { border-radius: 16px 16px 0 0; overflow: hidden; }
`
