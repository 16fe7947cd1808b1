export * from "cluster-api-published/logger";
