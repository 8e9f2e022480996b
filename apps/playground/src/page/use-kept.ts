import { useState } from "preact/hooks"

/** A choice that is remembered for the next visit, and the function that changes it. */
export function useKept(name: string, first: boolean): readonly [boolean, (value: boolean) => void] {
  const key = `denglu-playground-${name}`
  const [value, setValue] = useState(() => (localStorage.getItem(key) ?? String(first)) === "true")
  function keep(next: boolean): void {
    localStorage.setItem(key, String(next))
    setValue(next)
  }
  return [value, keep]
}
