import { encode } from "uqr"
import { squarePng } from "../png.ts"
import { failure, image } from "../reply.ts"
import { type Endpoint, jsonBody } from "./endpoint.ts"
import { withToken } from "./with-token.ts"

const sceneForm = /^[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}$/

/**
 * `POST /wxa/getwxacodeunlimit`, JSON only. The picture is a plain QR code, not one of WeChat's round ones: it holds
 * `PAGE?scene=SCENE`, so that a test can read what was asked for; the simulator's phones know the pictures again.
 */
export const getwxacodeunlimit: Endpoint = {
  name: "getwxacodeunlimit",
  path: "/wxa/getwxacodeunlimit",
  methods: ["POST"],
  family: "wxa",
  answer: call =>
    withToken(call, "wxa", appid => {
      const fail = (errcode: number) => failure("wxa", errcode, call.clock.now())
      const { scene, page = "pages/index/index", width = 430 } = jsonBody(call)
      if (typeof scene !== "string") return fail(40097)
      if (scene === "" || scene.length > 32) return fail(40169)
      if (!sceneForm.test(scene)) return fail(40129)
      if (typeof page !== "string" || page.startsWith("/") || page.includes("?")) return fail(41030)
      if (typeof width !== "number" || !(width >= 280 && width <= 1280)) return fail(40097)
      const picture = qrPicture(`${page}?scene=${encodeURIComponent(scene)}`, Math.floor(width))
      call.drawn.add(picture, { appid, page, scene })
      return image(picture)
    }),
}

function qrPicture(text: string, width: number): Uint8Array<ArrayBuffer> {
  const { data, size } = encode(text, { border: 2 })
  const scale = Math.max(1, Math.floor(width / size))
  const margin = Math.floor((width - scale * size) / 2)
  return squarePng(
    width,
    (x, y) => data[Math.floor((y - margin) / scale)]?.[Math.floor((x - margin) / scale)] === true,
  )
}
