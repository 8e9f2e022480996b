/** What a refused call hands to `fail` and `complete`. */
export interface WxFailure {
  /** `login:fail timeout` */
  readonly errMsg: string
  /** The platform's number for it; not every API gives one. */
  readonly errno?: number
}

/** The three callbacks every asynchronous `wx` API takes. */
export interface WxCallbacks<Success> {
  readonly success?: ((result: Success) => void) | undefined
  readonly fail?: ((failure: WxFailure) => void) | undefined
  /** Runs after either of the others. */
  readonly complete?: ((result: Success | WxFailure) => void) | undefined
}

/** A Promise where no callback was passed, else nothing. */
export type WxAnswer<Options, Success> = Options extends
  | { readonly success: object }
  | { readonly fail: object }
  | { readonly complete: object }
  ? undefined
  : Promise<Success>

export type WxOutcome<Success> =
  | { readonly ok: true; readonly result: Success }
  | { readonly ok: false; readonly failure: WxFailure }

/** Is given what a page's callback threw; the other callbacks run all the same. */
export type ReportThrown = (thrown: unknown) => void

export function succeeded<Success>(result: Success): WxOutcome<Success> {
  return { ok: true, result }
}

export function failed(errMsg: string, errno?: number): WxOutcome<never> {
  return { ok: false, failure: errno === undefined ? { errMsg } : { errMsg, errno } }
}

/** An outcome that several may bring; the first counts. */
export function firstOutcome<Success>(): {
  readonly promise: Promise<WxOutcome<Success>>
  readonly resolve: (outcome: WxOutcome<Success>) => void
} {
  let resolve: (outcome: WxOutcome<Success>) => void = () => {}
  const promise = new Promise<WxOutcome<Success>>(settle => {
    resolve = settle
  })
  return { promise, resolve }
}

/** Calls back: `success` or `fail`, then `complete`. */
export function callBack<Success>(
  { success, fail, complete }: WxCallbacks<Success>,
  outcome: WxOutcome<Success>,
  report: ReportThrown,
): void {
  if (outcome.ok) guarded(success, outcome.result, report)
  else guarded(fail, outcome.failure, report)
  guarded(complete, outcome.ok ? outcome.result : outcome.failure, report)
}

/** Runs one callback of a page. */
export function guarded<Value>(
  callback: ((value: Value) => void) | undefined,
  value: Value,
  report: ReportThrown,
): void {
  try {
    callback?.(value)
  } catch (thrown) {
    report(thrown)
  }
}

/** Answers an asynchronous API, never before the caller went on: by callbacks if there are any, else by Promise. */
export function answer<Options extends WxCallbacks<Success>, Success>(
  options: Options,
  outcome: WxOutcome<Success> | Promise<WxOutcome<Success>>,
  report: ReportThrown,
): WxAnswer<Options, Success> {
  const later = Promise.resolve(outcome)
  const byCallback = [options.success, options.fail, options.complete].some(Boolean)
  const answered = byCallback
    ? void later.then(settled => callBack(options, settled, report))
    : later.then(settled => (settled.ok ? settled.result : Promise.reject(settled.failure)))
  return answered as WxAnswer<Options, Success>
}
