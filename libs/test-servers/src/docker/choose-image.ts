/** An image that a test's container can be made of. */
export interface ImageChoice {
  readonly name: string;
  /** For people: where it comes from. */
  readonly told: string;
}

export interface ImageSteps {
  readonly isPresent: (name: string) => Promise<boolean>;
  /** @throws when the registry cannot be reached or does not have it */
  readonly pull: (name: string) => Promise<void>;
  /** Builds the local image under this name. @throws when that fails */
  readonly build: (name: string) => Promise<void>;
}

/**
 * The official image when it is present or can be pulled; else one built from our Dockerfile, once.
 *
 * @param local name of the image that is built; its tag tells one Dockerfile from another
 * @throws Error naming why it can neither be pulled nor built
 */
export async function chooseImage(official: string, local: string, steps: ImageSteps): Promise<ImageChoice> {
  if (await steps.isPresent(official)) return { name: official, told: `image ${official}` };
  let refused: string;
  try {
    await steps.pull(official);
    return { name: official, told: `image ${official}, pulled` };
  } catch (error) {
    refused = error instanceof Error ? error.message : String(error);
  }
  if (await steps.isPresent(local)) return { name: local, told: `local image ${local} (${official}: ${refused})` };
  try {
    await steps.build(local);
    return { name: local, told: `image ${local}, built here (${official}: ${refused})` };
  } catch (error) {
    const failed = error instanceof Error ? error.message : String(error);
    throw new Error(`${official} cannot be pulled (${refused}), nor ${local} be built (${failed})`, { cause: error });
  }
}
