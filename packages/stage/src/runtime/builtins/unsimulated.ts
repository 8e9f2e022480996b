import { builtin, type DefineBuiltin } from "./builtin.ts"

/** Components that need what a browser has not. */
const names = [
  "ad",
  "ad-custom",
  "audio",
  "camera",
  "canvas",
  "channel-live",
  "channel-video",
  "editor",
  "functional-page-navigator",
  "live-player",
  "live-pusher",
  "map",
  "official-account",
  "open-data",
  "store-home",
  "store-product",
  "video",
  "voip-room",
  "web-view",
  "xr-frame",
  "xr-scene",
]

/** They say what they are instead of being it; what is in them is shown. */
export const unsimulated: Readonly<Record<string, DefineBuiltin>> = Object.fromEntries(
  names.map(name => [name, saysNotSimulated(name)]),
)

function saysNotSimulated(name: string): DefineBuiltin {
  return builtin(name, {
    setup({ host }) {
      const note = document.createElement("span")
      note.className = "stage-unsimulated"
      note.textContent = `not simulated: ${name}`
      host.prepend(note)
    },
  })
}

const tags = names.map(name => `wx-${name}`)

export const unsimulatedStyle = `
:is(${tags.join(", ")}) { display: block; position: relative; box-sizing: border-box; min-height: 40px; overflow: hidden; background: var(--tint); }
wx-canvas, wx-video { width: 300px; height: 150px; }
wx-video { height: 225px; }
wx-open-data, wx-audio { display: inline-block; min-height: 0; }
wx-web-view { min-height: 100%; }
.stage-unsimulated { display: block; padding: 10px; color: #888; font-size: 13px; text-align: center; }
`
