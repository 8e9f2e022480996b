import { answerWork, type WxCall, type WxDone, type WxOptionalCall } from "./answer-work.ts"
import type { ReportThrown } from "./callbacks.ts"
import type { Privacy } from "./privacy.ts"
import type { Toast } from "./toast.ts"
import { checkParameter } from "./wrong-parameter.ts"

export interface ClipboardResult extends WxDone {
  readonly data: string
}

/** A clipboard of its own, not the machine's. */
export interface ClipboardApi {
  /** Says so in a toast, as WeChat does. */
  readonly setClipboardData: WxCall<{ readonly data: string }, WxDone>
  readonly getClipboardData: WxOptionalCall<object, ClipboardResult>
}

const saidForMs = 1_500

export function createClipboardApi(privacy: Privacy, toast: Toast, report: ReportThrown): ClipboardApi {
  let held = ""

  async function set(data: string): Promise<object> {
    checkParameter("data", "String", data)
    await privacy.require("setClipboardData")
    held = data
    toast.show({ kind: "toast", title: "内容已复制", icon: "success", image: null, mask: false }, saidForMs)
    return {}
  }

  async function get(): Promise<{ readonly data: string }> {
    await privacy.require("getClipboardData")
    return { data: held }
  }

  return {
    setClipboardData: options => answerWork("setClipboardData", options, () => set(options.data), report),
    getClipboardData: options => answerWork("getClipboardData", options, get, report),
  }
}
