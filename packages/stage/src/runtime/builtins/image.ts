import { builtin, type Part } from "./builtin.ts"
import { pictureUrl } from "./pictures.ts"

export const image = builtin("image", {
  properties: {
    src: { type: String },
    mode: { type: String, value: "scaleToFill" },
    lazyLoad: { type: Boolean },
    alt: { type: String },
  },
  children: false,
  setup(part) {
    const picture = drawPicture(part)
    part.watch(["mode"], () => part.host.setAttribute("mode", part.get("mode")))
    part.watch(["lazyLoad"], () => {
      picture.loading = part.get("lazyLoad") ? "lazy" : "eager"
    })
    part.watch(["ariaLabel", "alt"], () => {
      picture.alt = part.get<string>("alt") || part.get<string>("ariaLabel")
    })
  },
})

/** Puts the picture of `src` into the component, and says when it has come or failed. */
export function drawPicture(part: Part): HTMLImageElement {
  const picture = document.createElement("img")
  picture.alt = ""
  picture.draggable = false
  part.host.append(picture)
  const load = () => {
    const source = part.get<string>("src")
    if (source === "") picture.removeAttribute("src")
    else picture.src = pictureUrl(source, part.node.ownerShadowRoot?.getHostNode().is ?? "")
  }
  // Set before it is in the page, a path says nothing yet: whose it is is known by then only.
  part.onAttached(load)
  part.watch(["src"], () => part.host.isConnected && load())
  picture.addEventListener("load", () =>
    part.trigger("load", { width: picture.naturalWidth, height: picture.naturalHeight }),
  )
  picture.addEventListener("error", () =>
    part.trigger("error", { errMsg: `GET ${part.get<string>("src")} failed` }),
  )
  return picture
}

const positions = [
  "top",
  "bottom",
  "center",
  "left",
  "right",
  "top left",
  "top right",
  "bottom left",
  "bottom right",
]

export const imageStyle = `
wx-image { display: inline-block; width: 320px; height: 240px; overflow: hidden; }
wx-image > img { display: block; width: 100%; height: 100%; object-fit: fill; }
wx-image > img:not([src]) { visibility: hidden; }
wx-image[mode=aspectFit] > img { object-fit: contain; }
wx-image[mode=aspectFill] > img { object-fit: cover; }
wx-image[mode=widthFix] { height: auto !important; }
wx-image[mode=widthFix] > img { height: auto; }
wx-image[mode=heightFix] { width: auto !important; }
wx-image[mode=heightFix] > img { width: auto; }
${positions.map(place => `wx-image[mode="${place}"] > img { object-fit: none; object-position: ${place}; }`).join("\n")}
`
