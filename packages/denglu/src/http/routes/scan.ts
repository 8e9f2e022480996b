import { Type } from "typebox"
import { DengluError } from "../../errors.ts"
import { browserName } from "../../login/browser-name.ts"
import { confirmScan, denyScan, openScan } from "../../login/scan/answer-scan.ts"
import { findOwnScan, redeemScan } from "../../login/scan/redeem-scan.ts"
import { scanOptions } from "../../login/scan/scan-options-of.ts"
import { isOver, statusOf } from "../../login/scan/scan-watch.ts"
import { startScan } from "../../login/scan/start-scan.ts"
import { IssuedReply } from "../../protocol/log-in.ts"
import {
  ConfirmScanRequest,
  DenyScanRequest,
  OpenScanReply,
  OpenScanRequest,
  ScanStatusReply,
  StartScanReply,
  StartScanRequest,
} from "../../protocol/scan.ts"
import { pageOrigin } from "../page-origin.ts"
import { preferredLanguage } from "../problem.ts"
import { type Call, route } from "../route.ts"
import { scanEvents, scanStatusReply } from "../scan-events.ts"
import { dropScanCookie, readScanSecret, setScanCookie } from "../scan-secret.ts"
import { isoTime } from "./iso-time.ts"
import { tokenReply } from "./token-reply.ts"

export const startScanRoute = route({
  method: "POST",
  path: "/scan",
  summary: "Ask for a mini program code to scan, so as to be logged in here",
  auth: false,
  sheddable: true,
  body: StartScanRequest,
  bodyOptional: true,
  reply: StartScanReply,
  async handle(call) {
    const { flow, body, limit, userAgent, address, requestId } = call
    const { appid } = scanOptions(flow)
    const { allowed: origin, isForeign, isSameSite } = pageOrigin(call)
    const byValue = body.binding === "value"
    if (isForeign && !byValue && !(isSameSite && flow.options.browserSessions))
      throw new DengluError("invalid_request", {
        pointer: "/binding",
        message:
          'a page of another origin gets no cookie here (of the same site with browserSessions only): send "binding": "value"',
      })
    await limit.scan(appid)
    const { id, image, number, secret, expiresIn } = await startScan(flow, {
      origin,
      userAgent,
      address,
      requestId,
    })
    const reply = { id, image, number, expires_in: expiresIn }
    if (byValue) return { status: 200, body: { ...reply, secret } }
    return { status: 200, body: reply, cookies: [setScanCookie(secret, expiresIn)] }
  },
})

const longestWait = 25

export const scanRoute = route({
  method: "GET",
  path: "/scan/:id",
  summary: "What has become of the code; for the browser that asked for it",
  auth: false,
  query: {
    status: { description: "What is known already: with `wait`, only another one is answered early" },
    wait: { description: `Seconds to wait for another status, at most ${longestWait}` },
  },
  reply: ScanStatusReply,
  streams: true,
  async handle(call) {
    const { flow, query, header, signal } = call
    const scan = await findOwnScan(flow, holderOf(call))
    const status = statusOf(scan, flow.clock())
    if (/\btext\/event-stream\b/.test(header("accept") ?? "")) {
      // 204 tells a browser that lost an ended stream not to come again.
      if (isOver(status) && header("last-event-id") === status) return { status: 204, body: undefined }
      return { status: 200, body: scanEvents(flow, scan), headers: { "x-accel-buffering": "no" } }
    }
    const wait = Math.min(Number(query.get("wait") ?? 0), longestWait) * 1000
    if (!(wait > 0) || isOver(status) || status !== (query.get("status") ?? status))
      return scanStatusReply(scan, flow.clock())
    return scanStatusReply(await flow.scans.changed(scan, status, wait, signal()), flow.clock())
  },
})

export const redeemScanRoute = route({
  method: "POST",
  path: "/scan/:id/redeem",
  summary: "Log the browser in whose code was confirmed: once",
  auth: false,
  issuesTokens: true,
  reply: IssuedReply,
  async handle(call) {
    const { flow, requestId } = call
    scanOptions(flow)
    pageOrigin(call)
    const tokens = await redeemScan(flow, holderOf(call), requestId)
    return { status: 200, body: tokenReply(tokens), cookies: [dropScanCookie] }
  },
})

function holderOf(call: Call<unknown>) {
  return { id: call.params.id ?? "", secret: readScanSecret(call) }
}

export const openScanRoute = route({
  method: "POST",
  path: "/scan/open",
  summary: "In the mini program: who asks to be logged in by the code that was scanned",
  auth: true,
  body: OpenScanRequest,
  reply: OpenScanReply,
  async handle({ flow, user, body, limit, header, requestId }) {
    const { siteName } = scanOptions(flow)
    await limit.scanOpen(user.userId)
    const scan = await openScan(
      flow,
      { ...user, requestId },
      { scene: body.scene, launchScene: body.launch_scene },
    )
    return {
      id: scan.id,
      site: { name: siteName, origin: scan.origin },
      browser: browserName(scan.userAgent, preferredLanguage(header("accept-language"))),
      place: scan.place,
      requested_at: isoTime(scan.createdAt),
      expires_in: scanStatusReply(scan, flow.clock()).expires_in,
    }
  },
})

export const confirmScanRoute = route({
  method: "POST",
  path: "/scan/:id/confirm",
  summary: "In the mini program: log that browser in as me",
  auth: true,
  body: ConfirmScanRequest,
  reply: Type.Undefined(),
  async handle({ flow, user, params, body, requestId }) {
    await confirmScan(flow, { ...user, requestId }, { id: params.id ?? "", number: body.number })
    return { status: 204, body: undefined }
  },
})

export const denyScanRoute = route({
  method: "POST",
  path: "/scan/:id/deny",
  summary: "In the mini program: don't log that browser in",
  auth: true,
  body: DenyScanRequest,
  bodyOptional: true,
  reply: Type.Undefined(),
  async handle({ flow, user, params, body, requestId }) {
    await denyScan(flow, { ...user, requestId }, { id: params.id ?? "", notMe: body.not_me === true })
    return { status: 204, body: undefined }
  },
})
