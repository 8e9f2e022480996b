/** A system of yours that borrows `access_token`s, so that it need not fetch its own and end everybody's. */
export interface BorrowerOptions {
  /** Under which it is counted and named in events. Up to 64 characters. */
  readonly name: string
  /** What it sends as its Bearer token. At least 32 characters, random. */
  readonly key: string
  /** The apps whose token it may borrow. Default is all. */
  readonly appids?: readonly string[]
}

/** @throws TypeError that names the option and says what to write; never with a key in it */
export function settleBorrowers(
  borrowers: readonly BorrowerOptions[],
  appids: readonly string[],
): readonly Required<BorrowerOptions>[] {
  const names = new Set<string>()
  return borrowers.map(({ name, key, appids: own = appids }) => {
    if (typeof name !== "string" || name.length === 0 || name.length > 64)
      throw new TypeError("borrowers: name must be a text of 1 to 64 characters")
    if (names.has(name)) throw new TypeError(`borrowers names "${name}" twice`)
    names.add(name)
    if (typeof key !== "string" || !/^[A-Za-z0-9\-._~+/]{32,256}=*$/.test(key))
      throw new TypeError(
        `borrowers: key of "${name}" must be 32 to 256 random characters of A–Z a–z 0–9 - . _ ~ + /: openssl rand -base64 32`,
      )
    const strange = own.find(appid => !appids.includes(appid))
    if (strange !== undefined)
      throw new TypeError(`borrowers: "${name}" names the appid ${strange}, which is not in apps`)
    return { name, key, appids: own }
  })
}
