import { builtin, type Part } from "./builtin.ts"
import { cssLength } from "./css-length.ts"

export const progress = builtin("progress", {
  properties: {
    percent: { type: Number },
    showInfo: { type: Boolean },
    borderRadius: { type: null, value: 0 },
    fontSize: { type: null, value: 16 },
    strokeWidth: { type: null, value: 6 },
    color: { type: String },
    activeColor: { type: String, value: "#07c160" },
    backgroundColor: { type: String },
    active: { type: Boolean },
    activeMode: { type: String, value: "backwards" },
    duration: { type: Number, value: 30 },
  },
  children: false,
  setup(part) {
    const { host } = part
    const bar = document.createElement("div")
    const inner = document.createElement("div")
    const info = document.createElement("div")
    bar.className = "stage-progress-bar"
    info.className = "stage-progress-info"
    bar.append(inner)
    host.append(bar, info)
    host.setAttribute("role", "progressbar")
    host.setAttribute("aria-valuemin", "0")
    host.setAttribute("aria-valuemax", "100")

    part.watch(["showInfo", "percent", "fontSize"], () => {
      const percent = percentOf(part)
      info.hidden = !part.get("showInfo")
      info.textContent = `${percent}%`
      info.style.fontSize = cssLength(part.get("fontSize"))
      host.setAttribute("aria-valuenow", String(percent))
    })
    part.watch(["strokeWidth", "borderRadius", "backgroundColor"], () => {
      bar.style.height = cssLength(part.get("strokeWidth"))
      bar.style.borderRadius = cssLength(part.get("borderRadius"))
      bar.style.backgroundColor = part.get("backgroundColor")
    })
    part.watch(["color", "activeColor"], () => {
      inner.style.backgroundColor = part.get<string>("color") || part.get<string>("activeColor")
    })
    fill(part, inner)
  },
})

/** Draws how much is done; with `active` it grows, and says when it has. */
function fill(part: Part, inner: HTMLElement): void {
  let shown = 0
  let growing: ReturnType<typeof setTimeout> | undefined
  const draw = () => {
    clearTimeout(growing)
    const percent = percentOf(part)
    if (!part.get("active") || !part.host.isConnected) {
      inner.style.transition = "none"
      inner.style.width = `${percent}%`
      shown = percent
      return
    }
    const from = part.get("activeMode") === "forwards" ? shown : 0
    const milliseconds = Math.abs(percent - from) * part.get<number>("duration")
    inner.style.transition = "none"
    inner.style.width = `${from}%`
    // The browser forgets the first width unless somebody asks where things are.
    void inner.offsetWidth
    inner.style.transition = `width ${milliseconds}ms linear`
    inner.style.width = `${percent}%`
    shown = percent
    growing = setTimeout(() => part.trigger("activeend", { curPercent: percent }), milliseconds)
  }
  part.watch(["percent", "active"], draw)
  part.onAttached(draw)
  part.onDetached(() => clearTimeout(growing))
}

function percentOf(part: Part): number {
  return Math.min(100, Math.max(0, part.get<number>("percent")))
}

export const progressStyle = `
wx-progress { display: flex; align-items: center; }
.stage-progress-bar { flex: 1; overflow: hidden; background: var(--hair); }
.stage-progress-bar > div { width: 0; height: 100%; }
.stage-progress-info { min-width: 2em; margin-left: 15px; }
.stage-progress-info[hidden] { display: none; }
`
