import type { WxOutcome } from "./callbacks.ts"
import { answer, failed, type ReportThrown, succeeded, type WxAnswer, type WxCallbacks } from "./callbacks.ts"

/** All that many APIs have to say. */
export interface WxDone {
  /** `NAME:ok` */
  readonly errMsg: string
}

/** An asynchronous API: by callbacks if there are any, else by Promise. */
export type WxCall<Options extends object, Success> = <Given extends Options & WxCallbacks<Success>>(
  options: Given,
) => WxAnswer<Given, Success>

/** The same where everything may be left out. */
export type WxOptionalCall<Options extends object, Success> = <Given extends Options & WxCallbacks<Success>>(
  options?: Given,
) => WxAnswer<Given, Success>

/** Why an API fails: the message is what follows `NAME:fail `. */
export class WxRefusal extends Error {
  override readonly name = "WxRefusal"
  readonly errno: number | undefined

  constructor(reason: string, errno?: number) {
    super(reason)
    this.errno = errno
  }
}

/** Answers the API named `api` with what `work` brings; what it throws becomes `NAME:fail …`. */
export function answerWork<Options extends WxCallbacks<Success>, Success extends WxDone>(
  api: string,
  options: Options | undefined,
  work: () => Omit<Success, "errMsg"> | Promise<Omit<Success, "errMsg">>,
  report: ReportThrown,
): WxAnswer<Options, Success> {
  return answer<Options, Success>(options ?? ({} as Options), outcomeOf(api, work), report)
}

async function outcomeOf<Success extends WxDone>(
  api: string,
  work: () => Omit<Success, "errMsg"> | Promise<Omit<Success, "errMsg">>,
): Promise<WxOutcome<Success>> {
  try {
    return succeeded({ ...(await work()), errMsg: `${api}:ok` } as Success)
  } catch (error) {
    return failed(`${api}:fail ${reasonOf(error)}`, error instanceof WxRefusal ? error.errno : undefined)
  }
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : "system error"
}
