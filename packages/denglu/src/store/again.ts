/** Tries of what is not in a batch, while others stand in its way. */
const mostTries = 6

/** Does the work once more as long as others stand in its way. @param judge see `BatchesOptions.judge` */
export async function again<Result>(
  judge: (error: unknown) => "again" | "apart" | "failed",
  work: () => Promise<Result>,
): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work()
    } catch (error) {
      if (tries >= mostTries || judge(error) !== "again") throw error
    }
  }
}
