/** A control that can't be done; the message says why. It goes to the page. */
export class ControlError extends Error {
  override readonly name = "ControlError"
}
