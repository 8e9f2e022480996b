/**
 * Does work of somebody else's: a function of the operator's, a storage, a sender. If it takes longer than `deadline` (ms) it is told to stop by
 * the signal, and no longer waited for.
 *
 * @throws what the work throws, as a rejection; what `late` makes when its time is over
 */
export async function inTime<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  deadline: number,
  late: () => Error,
): Promise<Result> {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(late())
      controller.abort()
    }, deadline)
    timer.unref()
  })
  try {
    return await Promise.race([work(controller.signal), end])
  } finally {
    clearTimeout(timer)
  }
}
