import { WeChatError } from "../wechat/wechat-error.ts"
import type { FlowContext } from "./flows.ts"

/** What is asked, and for which request. */
export interface Question {
  readonly endpoint: string
  readonly appid: string
  readonly requestId: string
}

/** Asks WeChat about a code, and tells what it answered: the event `wechat.answered`, and a line in the log of what only the operator can mend. */
export async function askWeChat<Answer extends object>(
  { clock, events, log }: FlowContext,
  { endpoint, appid, requestId }: Question,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  const startedAt = clock()
  const answered = (errcode: number, hasUnionid: boolean) =>
    events.emit("wechat.answered", {
      appid,
      requestId,
      endpoint,
      durationMs: clock() - startedAt,
      errcode,
      hasUnionid,
    })
  try {
    const answer = await ask()
    answered(0, "unionid" in answer && answer.unionid !== undefined)
    return answer
  } catch (error) {
    if (error instanceof WeChatError) {
      if (error.errcode !== undefined) answered(error.errcode, false)
      if (error.code === "app_misconfigured")
        log.error({ appid, errcode: error.errcode, requestId }, error.message)
    }
    throw error
  }
}
