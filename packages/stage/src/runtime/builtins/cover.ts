import { builtin } from "./builtin.ts"
import { drawPicture } from "./image.ts"

export const coverView = builtin("cover-view", {
  properties: { scrollTop: { type: null }, markerId: { type: null }, slot: { type: String } },
  setup(part) {
    part.watch(["scrollTop"], () => {
      const top = part.get<unknown>("scrollTop")
      if (top !== null && top !== "") part.host.scrollTop = Number(top)
    })
  },
})

export const coverImage = builtin("cover-image", {
  properties: { src: { type: String }, useBuiltInDecoder: { type: null }, referrerPolicy: { type: String } },
  children: false,
  setup: drawPicture,
})

export const coverStyle = `
wx-cover-view { display: block; position: relative; overflow: hidden; line-height: 1.2; white-space: nowrap; }
wx-cover-image { display: block; width: 100%; height: 100%; overflow: hidden; line-height: 1.2; }
wx-cover-image > img { display: block; width: 100%; height: 100%; }
`
