import { DengluError } from "../../errors.ts"
import type { VerifiedToken } from "../../session/verified-token.ts"
import type { Scan } from "../../store/store.ts"
import type { FlowContext } from "../flows.ts"
import { scanOptions } from "./scan-options-of.ts"
import { digestOf } from "./start-scan.ts"

/** The person on the phone, and in which request. */
export interface Answerer extends Pick<VerifiedToken, "userId" | "sessionId" | "appid"> {
  readonly requestId: string
}

/**
 * WeChat's number for a page that was opened by scanning a mini program code with the camera. With 1048 (a picture that was pressed
 * long), 1049 (the album) and 1007 or 1008 (a shared card) the code may have come from anywhere.
 */
const scannedByCamera = 1047

/**
 * Lets the first person who scanned have the ticket, and answers what they have to read.
 *
 * That the camera was used is the mini program's own word: the person whom somebody wants to trick has an honest mini program.
 *
 * @throws DengluError `ticket_not_scanned`, `ticket_taken`, `ticket_invalid`
 */
export async function openScan(
  flow: FlowContext,
  { userId, sessionId, appid }: Answerer,
  { scene, launchScene }: { readonly scene: string; readonly launchScene: number },
): Promise<Scan> {
  scanOptions(flow)
  if (launchScene !== scannedByCamera)
    throw new DengluError("ticket_not_scanned", { pointer: "/launch_scene" })
  const sceneDigest = digestOf(scene)
  const outcome = await flow.store.openScan({ sceneDigest, userId, sessionId, appid, now: flow.clock() })
  if (outcome.kind === "opened") {
    flow.scans.tell(outcome.scan.id)
    return outcome.scan
  }
  throw new DengluError(`ticket_${outcome.kind}`)
}

/**
 * The person says yes, with the number that the browser shows. A wrong number ends the ticket.
 *
 * @throws DengluError `ticket_number_wrong`, `ticket_taken`, `ticket_invalid`
 */
export async function confirmScan(
  flow: FlowContext,
  { userId, sessionId, appid, requestId }: Answerer,
  { id, number }: { readonly id: string; readonly number: string },
): Promise<void> {
  scanOptions(flow)
  const { kind } = await flow.store.confirmScan({ id, userId, sessionId, number, now: flow.clock() })
  const event = { scanId: id, userId, appid, requestId }
  if (kind === "confirmed") flow.events.emit("scan.confirmed", event)
  if (kind === "number_wrong") flow.events.emit("scan.denied", { ...event, reason: kind })
  flow.scans.tell(id)
  if (kind !== "confirmed") throw new DengluError(`ticket_${kind}`)
}

/** The person says no; with `notMe` that they never asked for it. @throws DengluError `ticket_invalid` if it is too late, or not theirs */
export async function denyScan(
  flow: FlowContext,
  { userId, sessionId, appid, requestId }: Answerer,
  { id, notMe }: { readonly id: string; readonly notMe: boolean },
): Promise<void> {
  scanOptions(flow)
  const denied = await flow.store.denyScan({ id, userId, sessionId, notMe, now: flow.clock() })
  if (!denied) throw new DengluError("ticket_invalid")
  const event = { scanId: id, userId, appid, requestId }
  if (notMe) flow.events.emit("scan.reported", event)
  else flow.events.emit("scan.denied", { ...event, reason: "denied" })
  flow.scans.tell(id)
}
