import { createHash } from "node:crypto"
import { DengluError } from "../../errors.ts"
import { describeError } from "../../log.ts"
import { newId, type RandomBytes } from "../../random.ts"
import type { SettledScan } from "../../scan-options.ts"
import { getwxacodeunlimit } from "../../wechat/endpoints/getwxacodeunlimit.ts"
import { WeChatError } from "../../wechat/wechat-error.ts"
import type { FlowContext } from "../flows.ts"
import { scanOptions } from "./scan-options-of.ts"

export interface StartScanInput {
  /** The page's, where it is one of `allowedOrigins`. */
  readonly origin: string | null
  readonly userAgent: string
  readonly address: string
  readonly requestId: string
}

export interface StartedScan {
  readonly id: string
  /** What only the browser may have: 43 characters, 256 random bits. */
  readonly secret: string
  readonly number: string
  /** `data:image/…;base64,…` */
  readonly image: string
  /** Seconds. */
  readonly expiresIn: number
}

/**
 * Begins a login by scanning: has WeChat draw a code and keeps a ticket for it. The scene in the code, the ticket's id and the browser's
 * secret are three random values; of scene and secret only digests are kept.
 *
 * @throws WeChatError if there is no code to be had: then there is no ticket either
 */
export async function startScan(flow: FlowContext, input: StartScanInput): Promise<StartedScan> {
  const { clock, random, store } = flow
  const settled = scanOptions(flow)
  const scene = base64url(random(16))
  const secret = base64url(random(32))
  const [image, place] = await Promise.all([
    drawCode(flow, settled, scene, input),
    placeOf(flow, settled, input),
  ])
  const now = clock()
  const scan = {
    id: newId(random),
    sceneDigest: digestOf(scene),
    secretDigest: digestOf(secret),
    number: twoDigits(random),
    appid: settled.appid,
    origin: input.origin,
    userAgent: input.userAgent.slice(0, 256),
    place,
    createdAt: now,
    expiresAt: now + settled.lifetime * 1000,
  }
  await store.createScan(scan)
  return { id: scan.id, secret, number: scan.number, image, expiresIn: settled.lifetime }
}

/** What is kept of a scene and of a browser's secret. They are random and long, so a plain hash gives nothing away. */
export function digestOf(value: string): string {
  return createHash("sha256").update(value).digest("base64url")
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64url")
}

/** 10 to 99, each as likely as the others. */
function twoDigits(random: RandomBytes): string {
  for (;;) {
    const byte = random(1)[0] as number
    if (byte < 180) return String(10 + (byte % 90))
  }
}

async function drawCode(
  flow: FlowContext,
  { appid, page, envVersion }: SettledScan,
  scene: string,
  { requestId }: StartScanInput,
): Promise<string> {
  try {
    const { image, contentType } = await flow.appToken(appid).withToken(token =>
      getwxacodeunlimit(flow.wechat, token, {
        scene,
        page,
        envVersion,
        checkPath: envVersion === "release",
      }),
    )
    return `data:${contentType};base64,${Buffer.from(image).toString("base64")}`
  } catch (error) {
    // What the page of the code is, is said by the operator, not by who asks.
    if (!(error instanceof WeChatError) || error.errcode === undefined) throw error
    flow.log.error({ appid, page, errcode: error.errcode, requestId }, error.message)
    throw error.code === "invalid_request" ? new DengluError("app_misconfigured", { cause: error }) : error
  }
}

/** Milliseconds that the operator's own look-up has. */
const placeDeadline = 1_000

/** A place that can't be found is left out: it must not keep anybody from logging in. */
async function placeOf(
  { log }: FlowContext,
  { place }: SettledScan,
  { address, requestId }: StartScanInput,
): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>(resolve => {
    timer = setTimeout(() => resolve(undefined), placeDeadline)
  })
  try {
    const found = await Promise.race([place(address), late])
    return typeof found === "string" && found !== "" ? found.slice(0, 64) : null
  } catch (error) {
    log.warn({ option: "scan.place", error: describeError(error), requestId }, "the place was not found")
    return null
  } finally {
    clearTimeout(timer)
  }
}
