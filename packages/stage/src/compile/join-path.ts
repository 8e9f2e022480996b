/**
 * Where a reference in a file of the mini program points: `../b` and `/b` from the root, without a slash in front.
 * `null` if it leaves the mini program's folder.
 */
export function joinPath(from: string, reference: string): string | null {
  const { path, leaves } = walkPath(from, reference)
  return leaves ? null : path
}

/** As `joinPath`, but steps out of the root are not taken, as the template compiler has it, only told. */
export function walkPath(
  from: string,
  reference: string,
): { readonly path: string; readonly leaves: boolean } {
  const walked = reference.startsWith("/") ? [] : from.split("/").slice(0, -1)
  let leaves = false
  for (const part of reference.split("/")) {
    if (part === "" || part === ".") continue
    if (part !== "..") walked.push(part)
    else if (walked.pop() === undefined) leaves = true
  }
  return { path: walked.join("/"), leaves }
}

/** Whether a file belongs to an npm package: nobody who writes the mini program has a say in it. */
export function isOfPackage(path: string): boolean {
  return /(?:^|\/)miniprogram_npm\//.test(path)
}
