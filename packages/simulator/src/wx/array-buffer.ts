/** Whether it is an ArrayBuffer, of whatever realm: a page may run in another one, where `instanceof` fails. */
export function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return Object.prototype.toString.call(value) === "[object ArrayBuffer]"
}
