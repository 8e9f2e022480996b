/** Lets answers come later, as all of a mini program's do, until the play is over. */
export interface PretendTime {
  /** @param delayMs default is as soon as everything that runs now is through */
  later(work: () => void, delayMs?: number): void
  /** Nothing comes any more: a client that goes round in circles stops here. */
  end(): void
}

export function createPretendTime(): PretendTime {
  let over = false
  return {
    later(work, delayMs = 1) {
      setTimeout(() => {
        if (over) return
        try {
          work()
        } catch {
          // What a callback throws goes to App.onError; nothing else comes of it.
        }
      }, delayMs)
    },
    end() {
      over = true
    },
  }
}
