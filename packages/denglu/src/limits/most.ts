/** Open data that may fail to open, by person, app and hour. An attack on the cipher takes thousands of tries, an honest client one or two. */
export const openDataFailures = 20
/** Exports of one person's data, by hour: each reads all there is of them. */
export const exportsAnHour = 5
/** Phone codes that a user may send in an hour: each that is good has cost money, and an honest person sends one or two. */
export const phoneCodes = 10
/** Avatars that a user may upload in an hour: nobody changes it as often, and each is a file for a while. */
export const avatarsAnHour = 60
/** Pictures that may be on their way at once. With 2 MB each they are 256 MB. */
export const mostUploads = { ofAll: 128, ofOne: 16 }
/** Logins and refreshes under way at most: twice what may be on its way to WeChat. */
export const mostUnderWay = 2_048

/** Browsers that wait for a phone at once. Each keeps a connection; the others ask now and then. */
export const mostWatchingScans = 10_000

/**
 * Passwords that may be wrong in an hour, and accounts that one address may ask for. By all strangers together a password is tried 1,200 times
 * a day at most: not even one that is among the 49,000 most common is found so, and those nobody may choose. As many are heard from all of a
 * user's familiar browsers together: who knew an older password may have any number of them.
 */
export const passwordTries = {
  address: 100,
  accountAtAddress: 10,
  strangers: 50,
  familiar: 10,
  allFamiliar: 50,
  registrations: 30,
} as const
