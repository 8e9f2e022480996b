import type { Caller, WeChatReply, WeChatRequest } from "../caller.ts"
import { badReply } from "../wechat-error.ts"

/** What a mini program code opens, and how it looks. */
export interface WxaCodeOptions {
  /** 1 to 32 characters of ``0-9A-Za-z!#$&'()*+,/:;=?@-._~``; the page gets it as `query.scene`, URI-encoded. */
  readonly scene: string
  /** Without leading slash and query. Default is the home page. */
  readonly page?: string
  /** `false` lets it open a page that is not released yet. Default is true. */
  readonly checkPath?: boolean
  /** Default is `"release"`. */
  readonly envVersion?: "release" | "trial" | "develop"
  /** Pixels, 280 to 1280. Default is 430. */
  readonly width?: number
  readonly autoColor?: boolean
  readonly lineColor?: { readonly r: number; readonly g: number; readonly b: number }
  readonly isHyaline?: boolean
}

export interface WxaCode {
  readonly image: Uint8Array
  /** `image/jpeg` or `image/png`. */
  readonly contentType: string
}

const endpoint = "getwxacodeunlimit"

/**
 * `POST /wxa/getwxacodeunlimit`. The picture is good for ever, so whatever it stands for must end by our own rules.
 *
 * @throws TypeError for a scene, page or width that WeChat would refuse
 */
function getwxacodeunlimitRequest(accessToken: string, options: WxaCodeOptions): WeChatRequest {
  const { scene, page, checkPath, envVersion, width, autoColor, lineColor, isHyaline } = options
  if (!/^[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}$/.test(scene))
    throw new TypeError("scene must be 1 to 32 characters of 0-9A-Za-z!#$&'()*+,/:;=?@-._~")
  if (page !== undefined && (page === "" || page.startsWith("/") || page.includes("?")))
    throw new TypeError('page must look like "pages/index/index": no leading slash, no query')
  if (width !== undefined && !(Number.isInteger(width) && width >= 280 && width <= 1280))
    throw new TypeError("width must be a whole number from 280 to 1280")
  const json = {
    scene,
    page,
    check_path: checkPath,
    env_version: envVersion,
    width,
    auto_color: autoColor,
    line_color: lineColor,
    is_hyaline: isHyaline,
  }
  return {
    endpoint,
    method: "POST",
    path: "/wxa/getwxacodeunlimit",
    query: { access_token: accessToken },
    json,
    accept: "bytes",
    retry: "busy",
  }
}

/** Reads a successful answer. @throws WeChatError `bad_reply` if it is no picture */
function readGetwxacodeunlimit({ bytes, contentType }: WeChatReply): WxaCode {
  if (bytes === undefined) throw badReply(endpoint, "the answer is no picture")
  return { image: bytes, contentType: contentType.split(";")[0] ?? "" }
}

/** Draws a mini program code. @throws TypeError, WeChatError */
export async function getwxacodeunlimit(
  caller: Caller,
  accessToken: string,
  options: WxaCodeOptions,
): Promise<WxaCode> {
  return readGetwxacodeunlimit(await caller.call(getwxacodeunlimitRequest(accessToken, options)))
}
