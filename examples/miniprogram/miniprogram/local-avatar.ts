let path = ""

/** The picture that was chosen on this device: a temporary file, which means nothing to anybody else. Empty if none was. */
export function localAvatar(): string {
  return path
}

export function keepLocalAvatar(next: string): void {
  path = next
}
