/**
 * Where `navigator` leads. Set when the phone starts: components are made by the library, which hands nothing in.
 * Takes the name of a function of `wx`, as `navigateTo`, and what that one takes. Failures are the phone's to report.
 */
export const navigation: { go(api: string, options: Readonly<Record<string, unknown>>): void } = {
  go: () => {},
}
