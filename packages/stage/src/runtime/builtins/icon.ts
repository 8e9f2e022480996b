import { builtin } from "./builtin.ts"
import { cssLength } from "./css-length.ts"

export const icon = builtin("icon", {
  properties: {
    type: { type: String },
    size: { type: null, value: 23 },
    color: { type: String },
  },
  children: false,
  setup(part) {
    const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg")
    picture.setAttribute("viewBox", "0 0 24 24")
    picture.setAttribute("aria-hidden", "true")
    part.host.append(picture)
    part.watch(["type"], () => {
      const type = part.get<string>("type")
      const { disc, line } = shapes[type] ?? {}
      const stroke = `fill="none" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"`
      picture.innerHTML =
        disc === undefined
          ? `<path d="${line ?? ""}" ${stroke} stroke="currentColor"/>`
          : `<path d="${disc}" fill="currentColor"/><path d="${line}" ${stroke} stroke="#fff"/>`
    })
    part.watch(["type", "color"], () => {
      picture.style.color = part.get<string>("color") || (shapes[part.get<string>("type")]?.color ?? "")
    })
    part.watch(["size"], () => {
      const size = cssLength(part.get("size"))
      Object.assign(picture.style, { width: size, height: size })
    })
  },
})

interface Shape {
  readonly color: string
  /** What is filled behind the line. */
  readonly disc?: string
  readonly line: string
}

const disc = "M12 1a11 11 0 1 0 0 22 11 11 0 1 0 0-22Z"
const tick = "M6.5 12.5l3.5 3.5 7.5-8"
const cross = "M8 8l8 8M16 8l-8 8"

const shapes: Readonly<Record<string, Shape>> = {
  success: { color: "#07c160", disc, line: tick },
  success_no_circle: { color: "#07c160", line: tick },
  info: { color: "#10aeff", disc, line: "M12 11v6M12 7v0" },
  warn: { color: "#f76260", disc, line: "M12 6.5v7M12 17v0" },
  waiting: { color: "#10aeff", disc, line: "M12 6v6.5l4 2.5" },
  cancel: { color: "#f43530", line: `${disc}${cross}` },
  download: { color: "#07c160", line: `${disc}M12 6.5v9M8.5 12l3.5 3.5 3.5-3.5` },
  search: { color: "#b2b2b2", line: "M11 4a7 7 0 1 0 0 14 7 7 0 1 0 0-14ZM16 16l5 5" },
  clear: { color: "#b2b2b2", disc, line: cross },
}

export const iconStyle = `
wx-icon { display: inline-block; font-size: 0; vertical-align: middle; }
`
