import { DengluError } from "../../errors.ts"

/** Words for who called the command, in the two languages it speaks; they go on after a colon. */
interface Words {
  readonly en: string
  readonly zh: string
}

/** A copy that is not made, though both databases answer. */
export class CopyRefused extends DengluError {
  readonly says: Words

  constructor(says: Words) {
    super("store_unavailable", { message: says.en })
    this.says = says
  }
}

/** A URL of something that is not copied from, or into. */
export class NotToBeCopied extends TypeError {
  readonly says: Words

  constructor(says: Words) {
    super(says.en)
    this.says = says
  }
}
