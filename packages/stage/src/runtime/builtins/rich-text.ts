import { builtin } from "./builtin.ts"
import { pictureUrl } from "./pictures.ts"
import { safeNodes } from "./safe-nodes.ts"

export const richText = builtin("rich-text", {
  properties: {
    nodes: { type: null, value: [] },
    space: { type: String },
    userSelect: { type: Boolean },
    mode: { type: String, value: "default" },
  },
  children: false,
  setup(part) {
    const { host } = part
    const draw = () => {
      if (!host.isConnected) return
      const path = part.node.ownerShadowRoot?.getHostNode().is ?? ""
      host.replaceChildren(...safeNodes(part.get("nodes"), source => pictureUrl(source, path)))
    }
    part.watch(["nodes"], draw)
    part.onAttached(draw)
    part.watch(["space", "userSelect"], () => {
      part.style({
        "white-space": part.get("space") ? "break-spaces" : "",
        "user-select": part.get("userSelect") ? "text" : "",
      })
    })
  },
})

export const richTextStyle = `
wx-rich-text { display: block; overflow-wrap: break-word; }
wx-rich-text img { max-width: 100%; }
`
