import type { Phone } from "@denglu/miniprogram/phone"

/** What is shown of a number where others may look on: `138****8000`, with the country code unless it is mainland China's. */
export function maskedNumber({ national_number, country_code }: Phone): string {
  const masked = national_number.replace(/^(\d{2,3})\d+(\d{4})$/, "$1****$2")
  return country_code === "86" ? masked : `+${country_code} ${masked}`
}
