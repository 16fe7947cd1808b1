// The command line client 4.1.0 wants a prerelease of its API package that no registry keeps.
// The newest one that is kept lacks four names of subjects that Regu has not: they are added here.
export * from "cluster-api-published";

const named = (what) => ({
  assumeExists: (value) => {
    if (typeof value !== "string" || value === "") throw new Error(`${what}: a text`);
    return value;
  },
});

export const GroupId = named("GroupId");
export const RoleId = named("RoleId");
export const MappingRuleId = named("MappingRuleId");
export const WaitStateTypeEnum = Object.freeze({});
