import type { Text } from "../protocol.ts"

/** A control that can't be done; its text says why. It goes to the page. */
export class ControlError extends Error {
  override readonly name = "ControlError"
  readonly text: Text

  constructor(text: Text) {
    super(text.en)
    this.text = text
  }
}
