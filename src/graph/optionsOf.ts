/** The options of functions that take one object of them, by the names of the functions. */
export type OptionsOf<All> = {
  [Name in keyof All]: All[Name] extends (...args: infer Given) => unknown
    ? OptionsOrNone<NonNullable<Given[0]>>
    : never;
};

/** Where a function has no options, none may be given. */
type OptionsOrNone<Config> = keyof Config extends never ? Readonly<Record<string, never>> : Config;
