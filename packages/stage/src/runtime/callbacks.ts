/** The callbacks that every API of `wx` takes. */
export interface Callbacks {
  success?(result: object): void
  fail?(failure: { errMsg: string }): void
  complete?(result: object): void
}

/**
 * Does it and answers as `wx` does, never before the caller went on: by callbacks, or by Promise where there are none.
 * @param work what it answers besides `errMsg`; a thrown Error's message follows `NAME:fail `
 * @param report is given what a callback throws
 */
export function answer(
  name: string,
  { success, fail, complete }: Callbacks,
  work: () => object | undefined,
  report: (error: unknown) => void,
): Promise<object> | undefined {
  let ok = true
  let result: { errMsg: string }
  try {
    result = { ...work(), errMsg: `${name}:ok` }
  } catch (error) {
    ok = false
    result = { errMsg: `${name}:fail ${error instanceof Error ? error.message : String(error)}` }
  }
  if (success === undefined && fail === undefined && complete === undefined)
    return ok ? Promise.resolve(result) : Promise.reject(result)
  queueMicrotask(() => {
    for (const callback of [ok ? success : fail, complete]) {
      try {
        callback?.(result)
      } catch (error) {
        report(error)
      }
    }
  })
  return undefined
}
