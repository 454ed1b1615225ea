// Generated from libs/contracts/src/rest by scripts/generate-view-schemas.mjs (npm run docs); do not edit.

/** JSON Schemas of what REST answers consist of, by name. */
export const viewSchemas: Readonly<Record<string, object>> = {
  "ActionView": {
    "type": "object",
    "description": "`GET /v1/actions/ID`, items of `GET /v1/actions`: work that takes its time. Served by `registry`. Times ISO 8601 UTC.",
    "properties": {
      "id": {
        "type": "string"
      },
      "kind": {
        "const": "drain",
        "description": "`drain`: an agent is emptied."
      },
      "state": {
        "type": "string",
        "enum": [
          "running",
          "done",
          "failed",
          "cancelled"
        ]
      },
      "agentId": {
        "type": "string"
      },
      "agentHostname": {
        "type": "string"
      },
      "progress": {
        "type": "object",
        "properties": {
          "done": {
            "type": "number"
          },
          "total": {
            "type": "number"
          },
          "unit": {
            "const": "tasks"
          }
        },
        "required": [
          "done",
          "total",
          "unit"
        ]
      },
      "blockers": {
        "type": "array",
        "items": {
          "$ref": "#/components/schemas/BlockerView"
        },
        "description": "While it runs: what is waited for."
      },
      "error": {
        "$ref": "#/components/schemas/BlockerView",
        "description": "Why it has failed."
      },
      "isCancellable": {
        "type": "boolean",
        "description": "Whether `DELETE` would take it back now."
      },
      "startedAt": {
        "type": "string"
      },
      "endedAt": {
        "type": "string"
      }
    },
    "required": [
      "id",
      "kind",
      "state",
      "agentId",
      "agentHostname",
      "progress",
      "blockers",
      "isCancellable",
      "startedAt"
    ]
  },
  "AgentExplanationView": {
    "type": "object",
    "description": "`GET /v1/explain/agents/ID`. Served by `allocator`. Times ISO 8601 UTC.",
    "properties": {
      "id": {
        "type": "string"
      },
      "hostname": {
        "type": "string"
      },
      "state": {
        "type": "string"
      },
      "stateReason": {
        "type": "string"
      },
      "stateSince": {
        "type": "string"
      },
      "total": {
        "$ref": "#/components/schemas/AmountsByName"
      },
      "free": {
        "$ref": "#/components/schemas/AmountsByName"
      },
      "reservedFree": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "role": {
              "type": "string"
            },
            "amounts": {
              "$ref": "#/components/schemas/AmountsByName"
            }
          },
          "required": [
            "role",
            "amounts"
          ]
        },
        "description": "Of what is free: reserved, by role."
      },
      "inUse": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "frameworkId": {
              "type": "string"
            },
            "frameworkName": {
              "type": "string"
            },
            "role": {
              "type": "string"
            },
            "amounts": {
              "$ref": "#/components/schemas/AmountsByName"
            }
          },
          "required": [
            "frameworkId",
            "frameworkName",
            "role",
            "amounts"
          ]
        }
      },
      "offered": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "offerId": {
              "type": "string"
            },
            "frameworkId": {
              "type": "string"
            },
            "frameworkName": {
              "type": "string"
            },
            "role": {
              "type": "string"
            },
            "madeAt": {
              "type": "string"
            },
            "amounts": {
              "$ref": "#/components/schemas/AmountsByName"
            }
          },
          "required": [
            "offerId",
            "frameworkId",
            "frameworkName",
            "role",
            "madeAt",
            "amounts"
          ]
        }
      },
      "takers": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "frameworkId": {
              "type": "string"
            },
            "frameworkName": {
              "type": "string"
            },
            "role": {
              "type": "string"
            },
            "blockers": {
              "type": "array",
              "items": {
                "$ref": "#/components/schemas/BlockerView"
              }
            },
            "offer": {
              "$ref": "#/components/schemas/AmountsByName"
            }
          },
          "required": [
            "frameworkId",
            "frameworkName",
            "role",
            "blockers"
          ]
        },
        "description": "Why what is free is idle: for each framework and role that might take it, what is in the way; nothing: it is offered next."
      }
    },
    "required": [
      "id",
      "hostname",
      "state",
      "stateSince",
      "total",
      "free",
      "reservedFree",
      "inUse",
      "offered",
      "takers"
    ]
  },
  "AgentOperationView": {
    "type": "object",
    "description": "The answer to a change of reservations or volumes.",
    "properties": {
      "agentId": {
        "type": "string"
      },
      "operationId": {
        "type": "string",
        "description": "As `GET /v1/operations/ID` shows it; absent with `dryRun`."
      },
      "consumed": {
        "type": "string",
        "description": "What is taken and what is made of it, in canonical text."
      },
      "converted": {
        "type": "string"
      }
    },
    "required": [
      "agentId",
      "consumed",
      "converted"
    ]
  },
  "AgentOrderView": {
    "type": "object",
    "description": "Answer to `POST /v1/agents/ID:drain` and the other verbs: the agent afterwards, and what it means for whom.",
    "properties": {
      "effects": {
        "type": "object",
        "properties": {
          "tasks": {
            "type": "number",
            "description": "Tasks that live there now."
          },
          "frameworks": {
            "type": "number",
            "description": "Frameworks they are of."
          }
        },
        "required": [
          "tasks",
          "frameworks"
        ]
      },
      "id": {
        "type": "string"
      },
      "hostname": {
        "type": "string"
      },
      "address": {
        "type": "string",
        "description": "Where the agent's own API is: `ip:port`."
      },
      "version": {
        "type": "string"
      },
      "state": {
        "type": "string",
        "enum": [
          "active",
          "deactivated",
          "disconnected",
          "unreachable",
          "removed",
          "gone"
        ]
      },
      "stateReason": {
        "type": "string"
      },
      "stateSince": {
        "type": "string"
      },
      "attributes": {
        "type": "object",
        "additionalProperties": {
          "anyOf": [
            {
              "type": "string"
            },
            {
              "type": "number"
            }
          ]
        }
      },
      "region": {
        "type": "string"
      },
      "zone": {
        "type": "string"
      },
      "total": {
        "$ref": "#/components/schemas/ResourceAmounts"
      },
      "used": {
        "$ref": "#/components/schemas/ResourceAmounts"
      },
      "pending": {
        "$ref": "#/components/schemas/ResourceAmounts",
        "description": "What tasks hold beyond the total, which was lowered under them: it goes when they end, or the agent is drained."
      },
      "offered": {
        "$ref": "#/components/schemas/ResourceAmounts"
      },
      "tasks": {
        "type": "number"
      },
      "drain": {
        "type": "object",
        "properties": {
          "state": {
            "type": "string",
            "enum": [
              "draining",
              "drained"
            ]
          },
          "markGone": {
            "type": "boolean"
          },
          "maxGraceMs": {
            "type": "number"
          },
          "startedAt": {
            "type": "string"
          },
          "tasksAtStart": {
            "type": "number",
            "description": "Tasks that lived there when it began: those that `tasks` has no more have ended. Absent when nobody has counted."
          }
        },
        "required": [
          "state",
          "markGone",
          "startedAt"
        ],
        "description": "From the order to drain until the agent is activated again."
      },
      "registeredAt": {
        "type": "string"
      },
      "reregisteredAt": {
        "type": "string"
      }
    },
    "required": [
      "effects",
      "id",
      "hostname",
      "address",
      "version",
      "state",
      "stateSince",
      "attributes",
      "total",
      "used",
      "offered",
      "tasks",
      "registeredAt"
    ]
  },
  "AgentPruneView": {
    "type": "object",
    "description": "What was removed of the images of one agent, or would be.",
    "properties": {
      "agentId": {
        "type": "string"
      },
      "agentHostname": {
        "type": "string"
      },
      "images": {
        "type": "array",
        "items": {
          "type": "string"
        },
        "description": "Names of the images that are gone."
      },
      "layers": {
        "type": "number",
        "description": "Layers that were deleted: those of the images, and what pulls have left that were broken off."
      },
      "freedBytes": {
        "type": "number",
        "description": "What the layers took."
      },
      "unused": {
        "type": "number",
        "description": "Images that stay although nothing uses them, since only `unused` removes them."
      }
    },
    "required": [
      "agentId",
      "agentHostname",
      "images",
      "layers",
      "freedBytes",
      "unused"
    ]
  },
  "AgentView": {
    "type": "object",
    "description": "`GET /v1/agents/ID`, items of `GET /v1/agents`. Served by `registry`. Times ISO 8601 UTC.",
    "properties": {
      "id": {
        "type": "string"
      },
      "hostname": {
        "type": "string"
      },
      "address": {
        "type": "string",
        "description": "Where the agent's own API is: `ip:port`."
      },
      "version": {
        "type": "string"
      },
      "state": {
        "type": "string",
        "enum": [
          "active",
          "deactivated",
          "disconnected",
          "unreachable",
          "removed",
          "gone"
        ]
      },
      "stateReason": {
        "type": "string"
      },
      "stateSince": {
        "type": "string"
      },
      "attributes": {
        "type": "object",
        "additionalProperties": {
          "anyOf": [
            {
              "type": "string"
            },
            {
              "type": "number"
            }
          ]
        }
      },
      "region": {
        "type": "string"
      },
      "zone": {
        "type": "string"
      },
      "total": {
        "$ref": "#/components/schemas/ResourceAmounts"
      },
      "used": {
        "$ref": "#/components/schemas/ResourceAmounts"
      },
      "pending": {
        "$ref": "#/components/schemas/ResourceAmounts",
        "description": "What tasks hold beyond the total, which was lowered under them: it goes when they end, or the agent is drained."
      },
      "offered": {
        "$ref": "#/components/schemas/ResourceAmounts"
      },
      "tasks": {
        "type": "number"
      },
      "drain": {
        "type": "object",
        "properties": {
          "state": {
            "type": "string",
            "enum": [
              "draining",
              "drained"
            ]
          },
          "markGone": {
            "type": "boolean"
          },
          "maxGraceMs": {
            "type": "number"
          },
          "startedAt": {
            "type": "string"
          },
          "tasksAtStart": {
            "type": "number",
            "description": "Tasks that lived there when it began: those that `tasks` has no more have ended. Absent when nobody has counted."
          }
        },
        "required": [
          "state",
          "markGone",
          "startedAt"
        ],
        "description": "From the order to drain until the agent is activated again."
      },
      "registeredAt": {
        "type": "string"
      },
      "reregisteredAt": {
        "type": "string"
      }
    },
    "required": [
      "id",
      "hostname",
      "address",
      "version",
      "state",
      "stateSince",
      "attributes",
      "total",
      "used",
      "offered",
      "tasks",
      "registeredAt"
    ]
  },
  "AllocationView": {
    "type": "object",
    "description": "Items of `GET /v1/allocations`: what a framework holds on an agent in a role. Served by `allocator`.",
    "properties": {
      "frameworkId": {
        "type": "string"
      },
      "role": {
        "type": "string"
      },
      "agentId": {
        "type": "string"
      },
      "resources": {
        "type": "object",
        "additionalProperties": {
          "type": "number"
        },
        "description": "Plain numbers by resource name, in Mesos' units; ports are counted."
      }
    },
    "required": [
      "frameworkId",
      "role",
      "agentId",
      "resources"
    ]
  },
  "AmountsByName": {
    "type": "object",
    "additionalProperties": {
      "type": "number"
    }
  },
  "BlockerView": {
    "type": "object",
    "description": "An obstacle on an agent: a stable code, and its values as a text for people.",
    "properties": {
      "code": {
        "type": "string"
      },
      "text": {
        "type": "string"
      }
    },
    "required": [
      "code",
      "text"
    ]
  },
  "CallView": {
    "type": "object",
    "description": "Items of `GET /v1/frameworks/ID/calls`: a call of a framework, or an event on its stream. Served by `offers`. Times ISO 8601 UTC.",
    "properties": {
      "id": {
        "type": "string",
        "description": "Number of it, as text; rises with each call and event of one process of `offers`."
      },
      "at": {
        "type": "string"
      },
      "direction": {
        "type": "string",
        "enum": [
          "call",
          "event"
        ]
      },
      "type": {
        "type": "string",
        "description": "As Mesos names it: `ACCEPT`, `OFFERS`."
      },
      "bytes": {
        "type": "number",
        "description": "Of a call its body, of an event its record, with its length before it."
      },
      "outcome": {
        "type": "string",
        "description": "Of a call: `accepted` and `done` (202 and 200), `refused`, or `unknown`: it was not answered."
      },
      "traceId": {
        "type": "string",
        "description": "W3C trace id of the call."
      }
    },
    "required": [
      "id",
      "at",
      "direction",
      "type",
      "bytes"
    ]
  },
  "CallerView": {
    "type": "object",
    "description": "`GET /v1/whoami`: who asks, and what that allows. Served by each service, and by each agent for itself.",
    "properties": {
      "service": {
        "type": "string",
        "description": "Who answers, and whose rules these are."
      },
      "principal": {
        "type": "string",
        "description": "Absent when no credentials were shown, or the service has none to compare them with."
      },
      "authentication": {
        "type": "string",
        "enum": [
          "none",
          "basic",
          "bearer"
        ],
        "description": "How that was shown: a secret by HTTP Basic, a token by HTTP Bearer."
      },
      "may": {
        "type": "array",
        "items": {
          "type": "string",
          "enum": [
            "read",
            "write",
            "frameworks"
          ]
        },
        "description": "`read` what is there, `write`: change it, `frameworks`: be a scheduler."
      },
      "permissions": {
        "type": "array",
        "items": {
          "$ref": "#/components/schemas/PermissionView"
        },
        "description": "What the ACLs permit of each action, in the order of their names. Absent where there are none: everything."
      }
    },
    "required": [
      "service",
      "authentication",
      "may"
    ]
  },
  "ContainerUsageView": {
    "type": "object",
    "description": "What a container uses; what the machine cannot tell is absent. Sizes in bytes, processor time in seconds since it began.",
    "properties": {
      "measuredAt": {
        "type": "string",
        "description": "ISO 8601 UTC."
      },
      "cpusLimit": {
        "type": "number"
      },
      "cpusUserSeconds": {
        "type": "number"
      },
      "cpusSystemSeconds": {
        "type": "number"
      },
      "cpusThrottledSeconds": {
        "type": "number"
      },
      "memBytes": {
        "type": "number"
      },
      "memLimitBytes": {
        "type": "number"
      },
      "diskBytes": {
        "type": "number"
      },
      "diskLimitBytes": {
        "type": "number"
      },
      "processes": {
        "type": "number"
      },
      "threads": {
        "type": "number"
      }
    },
    "required": [
      "measuredAt"
    ]
  },
  "ContainerView": {
    "type": "object",
    "description": "`GET /v1/containers/ID`, items of `GET /v1/containers` of an agent: containers that run, those within others too.",
    "properties": {
      "id": {
        "type": "string"
      },
      "parentId": {
        "type": "string",
        "description": "Of the container around it."
      },
      "frameworkId": {
        "type": "string",
        "description": "Absent for one that was launched by the agent's own API."
      },
      "executorId": {
        "type": "string"
      },
      "taskId": {
        "type": "string",
        "description": "Of the task, where it is the task's own."
      },
      "name": {
        "type": "string"
      },
      "pid": {
        "type": "number",
        "description": "Of its first process, on the agent's machine."
      },
      "usage": {
        "$ref": "#/components/schemas/ContainerUsageView",
        "description": "Absent when it has ended meanwhile."
      }
    },
    "required": [
      "id"
    ]
  },
  "EventView": {
    "type": "object",
    "description": "One thing that has happened, as `GET /v1/events` lists it. Served by `registry`. Times ISO 8601 UTC.",
    "properties": {
      "number": {
        "type": "number",
        "description": "Rises with every event of one process of the registry."
      },
      "at": {
        "type": "string"
      },
      "type": {
        "type": "string",
        "enum": [
          "TASK_ADDED",
          "TASK_UPDATED",
          "FRAMEWORK_ADDED",
          "FRAMEWORK_UPDATED",
          "FRAMEWORK_REMOVED",
          "AGENT_ADDED",
          "AGENT_UPDATED",
          "AGENT_REMOVED"
        ]
      },
      "taskId": {
        "type": "string"
      },
      "taskName": {
        "type": "string"
      },
      "frameworkId": {
        "type": "string"
      },
      "frameworkName": {
        "type": "string"
      },
      "agentId": {
        "type": "string"
      },
      "hostname": {
        "type": "string"
      },
      "state": {
        "type": "string",
        "description": "Of the task, framework or agent, after it."
      },
      "reason": {
        "type": "string",
        "description": "Why, in words or as Mesos' reason."
      },
      "message": {
        "type": "string"
      },
      "source": {
        "type": "string",
        "description": "Who said so: SOURCE_MASTER, SOURCE_AGENT, SOURCE_EXECUTOR."
      },
      "drain": {
        "type": "string",
        "description": "`draining` or `drained` while an operator wants the agent empty."
      },
      "traceId": {
        "type": "string",
        "description": "W3C trace id of the task."
      }
    },
    "required": [
      "number",
      "at",
      "type"
    ]
  },
  "ExplainedAgentView": {
    "type": "object",
    "description": "One agent: what of it would be offered now, or everything in the way.",
    "properties": {
      "id": {
        "type": "string"
      },
      "hostname": {
        "type": "string"
      },
      "blockers": {
        "type": "array",
        "items": {
          "$ref": "#/components/schemas/BlockerView"
        }
      },
      "offer": {
        "$ref": "#/components/schemas/AmountsByName"
      }
    },
    "required": [
      "id",
      "hostname",
      "blockers"
    ]
  },
  "ExplanationView": {
    "type": "object",
    "description": "`GET /v1/explain/frameworks/ID?role=` and `GET /v1/explain?cpus=…`. Served by `allocator`. Times ISO 8601 UTC.",
    "properties": {
      "frameworkId": {
        "type": "string",
        "description": "Absent when a shape was asked about."
      },
      "frameworkName": {
        "type": "string"
      },
      "role": {
        "type": "string"
      },
      "shape": {
        "type": "object",
        "properties": {
          "amounts": {
            "$ref": "#/components/schemas/AmountsByName"
          },
          "ports": {
            "type": "string"
          },
          "attributes": {
            "type": "object",
            "additionalProperties": {
              "type": "string"
            }
          }
        },
        "required": [
          "amounts"
        ]
      },
      "summary": {
        "type": "array",
        "items": {
          "type": "string"
        },
        "description": "The answer in one or two sentences."
      },
      "agents": {
        "type": "number"
      },
      "offered": {
        "type": "object",
        "properties": {
          "agents": {
            "type": "number"
          },
          "amounts": {
            "$ref": "#/components/schemas/AmountsByName"
          }
        },
        "required": [
          "agents",
          "amounts"
        ],
        "description": "On how many agents something would be offered now, and what in all."
      },
      "funnel": {
        "type": "array",
        "items": {
          "$ref": "#/components/schemas/FunnelStepView"
        }
      },
      "helps": {
        "type": "array",
        "items": {
          "$ref": "#/components/schemas/HelpView"
        }
      },
      "largestFree": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "name": {
              "type": "string"
            },
            "amount": {
              "type": "number"
            },
            "agentId": {
              "type": "string"
            },
            "hostname": {
              "type": "string"
            }
          },
          "required": [
            "name",
            "amount",
            "agentId",
            "hostname"
          ]
        },
        "description": "The most that is free for the role on a single agent, and on which one."
      },
      "totalFree": {
        "$ref": "#/components/schemas/AmountsByName"
      },
      "lastOfferAt": {
        "type": "string"
      },
      "asOf": {
        "type": "object",
        "properties": {
          "run": {
            "type": "number"
          },
          "at": {
            "type": "string"
          },
          "nextRunInMs": {
            "type": "number"
          }
        },
        "required": [
          "run",
          "at",
          "nextRunInMs"
        ],
        "description": "State of the allocator that the answer is about."
      },
      "history": {
        "type": "array",
        "items": {
          "$ref": "#/components/schemas/FunnelSampleView"
        },
        "description": "How the funnel has moved while the framework waited, oldest first: with `?sinceMs=`, of the last hour at most."
      },
      "items": {
        "type": "array",
        "items": {
          "$ref": "#/components/schemas/ExplainedAgentView"
        },
        "description": "Every agent with all of its obstacles: with `?agents=true`."
      }
    },
    "required": [
      "role",
      "summary",
      "agents",
      "offered",
      "funnel",
      "helps",
      "largestFree",
      "totalFree",
      "asOf"
    ]
  },
  "FrameworkView": {
    "type": "object",
    "description": "`GET /v1/frameworks/ID`, items of `GET /v1/frameworks`. Served by `offers`. Times ISO 8601 UTC.",
    "properties": {
      "id": {
        "type": "string"
      },
      "name": {
        "type": "string"
      },
      "user": {
        "type": "string"
      },
      "principal": {
        "type": "string"
      },
      "hostname": {
        "type": "string"
      },
      "state": {
        "type": "string",
        "enum": [
          "disconnected",
          "removed",
          "connected",
          "recovered"
        ]
      },
      "active": {
        "type": "boolean"
      },
      "roles": {
        "type": "array",
        "items": {
          "type": "string"
        }
      },
      "suppressedRoles": {
        "type": "array",
        "items": {
          "type": "string"
        }
      },
      "capabilities": {
        "type": "array",
        "items": {
          "type": "string"
        }
      },
      "failoverTimeoutMs": {
        "type": "number"
      },
      "failoverDeadline": {
        "type": "string"
      },
      "disconnectedReason": {
        "type": "string",
        "description": "While disconnected: why its stream ended, `closed by the scheduler`, `reads too slowly: …`."
      },
      "tasks": {
        "type": "object",
        "properties": {
          "staging": {
            "type": "number"
          },
          "running": {
            "type": "number"
          },
          "ended": {
            "type": "number"
          }
        },
        "required": [
          "staging",
          "running",
          "ended"
        ]
      },
      "offers": {
        "type": "number"
      },
      "used": {
        "$ref": "#/components/schemas/ResourceAmounts"
      },
      "offered": {
        "$ref": "#/components/schemas/ResourceAmounts"
      },
      "lastOfferAt": {
        "type": "string"
      },
      "registeredAt": {
        "type": "string"
      },
      "reregisteredAt": {
        "type": "string"
      },
      "unregisteredAt": {
        "type": "string"
      },
      "removedReason": {
        "type": "string"
      }
    },
    "required": [
      "id",
      "name",
      "user",
      "state",
      "active",
      "roles",
      "suppressedRoles",
      "capabilities",
      "failoverTimeoutMs",
      "tasks",
      "offers",
      "used",
      "offered",
      "registeredAt"
    ]
  },
  "FunnelSampleView": {
    "type": "object",
    "description": "A funnel as it was for a while: of a framework that waited for offers.",
    "properties": {
      "from": {
        "type": "string",
        "description": "ISO 8601 UTC: when it was first and last seen like this. It is looked at every ten seconds."
      },
      "until": {
        "type": "string"
      },
      "agents": {
        "type": "number"
      },
      "offered": {
        "type": "number",
        "description": "On how many agents something would have been offered."
      },
      "funnel": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "code": {
              "type": "string"
            },
            "agents": {
              "type": "number"
            },
            "text": {
              "type": "string"
            }
          },
          "required": [
            "code",
            "agents",
            "text"
          ]
        },
        "description": "Text is that of the first look."
      }
    },
    "required": [
      "from",
      "until",
      "agents",
      "offered",
      "funnel"
    ]
  },
  "FunnelStepView": {
    "type": "object",
    "description": "Agents whose first obstacle this is; each is counted once, in the order of the codes.",
    "properties": {
      "code": {
        "type": "string"
      },
      "agents": {
        "type": "number"
      },
      "left": {
        "type": "number",
        "description": "How many are left after it."
      },
      "text": {
        "type": "string"
      },
      "also": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "code": {
              "type": "string"
            },
            "agents": {
              "type": "number"
            },
            "text": {
              "type": "string"
            }
          },
          "required": [
            "code",
            "agents",
            "text"
          ]
        },
        "description": "Obstacles behind the first, and on how many of these agents."
      }
    },
    "required": [
      "code",
      "agents",
      "left",
      "text",
      "also"
    ]
  },
  "HelpView": {
    "type": "object",
    "description": "What would change if an obstacle, and nothing else, were gone: found by asking again without it.",
    "properties": {
      "code": {
        "type": "string"
      },
      "text": {
        "type": "string",
        "description": "What to do, for people."
      },
      "command": {
        "type": "string",
        "description": "The command that does it; absent where none does, or it takes several."
      },
      "commands": {
        "type": "array",
        "items": {
          "type": "string"
        },
        "description": "The commands that do it together, where it takes several."
      },
      "agents": {
        "type": "number",
        "description": "Agents of which something would be offered at once."
      },
      "later": {
        "type": "object",
        "properties": {
          "agents": {
            "type": "number"
          },
          "inMs": {
            "type": "number"
          }
        },
        "required": [
          "agents",
          "inMs"
        ],
        "description": "More of them when refusals have ended as well."
      },
      "withAllBefore": {
        "type": "number",
        "description": "More of them when the helps before this one are done, too."
      }
    },
    "required": [
      "code",
      "text",
      "agents"
    ]
  },
  "ImagePruneView": {
    "type": "object",
    "description": "Answer to `POST /v1/images:prune`.",
    "properties": {
      "images": {
        "type": "number",
        "description": "Of all agents."
      },
      "layers": {
        "type": "number"
      },
      "freedBytes": {
        "type": "number"
      },
      "unused": {
        "type": "number"
      },
      "agents": {
        "type": "array",
        "items": {
          "$ref": "#/components/schemas/AgentPruneView"
        }
      },
      "missing": {
        "type": "array",
        "items": {
          "$ref": "#/components/schemas/MissingAgentView"
        },
        "description": "Agents that could not be asked."
      }
    },
    "required": [
      "images",
      "layers",
      "freedBytes",
      "unused",
      "agents",
      "missing"
    ]
  },
  "ImageView": {
    "type": "object",
    "description": "Items of `GET /v1/images`, of an agent and of all of them: an image that containers can be made from at once.",
    "properties": {
      "name": {
        "type": "string",
        "description": "As it was asked for, with its tag or digest, without the registry if that is the agent's own: `busybox:latest`."
      },
      "agentId": {
        "type": "string"
      },
      "agentHostname": {
        "type": "string"
      },
      "digest": {
        "type": "string",
        "description": "Of its manifest, as its registry gave it."
      },
      "sizeBytes": {
        "type": "number",
        "description": "Of its layers, unpacked; those that it shares with others are counted with each."
      },
      "layers": {
        "type": "number"
      },
      "containers": {
        "type": "number",
        "description": "Containers that are there and are made from it."
      },
      "pulledAt": {
        "type": "string",
        "description": "ISO 8601 UTC."
      },
      "lastUsedAt": {
        "type": "string"
      }
    },
    "required": [
      "name",
      "agentId",
      "agentHostname",
      "digest",
      "sizeBytes",
      "layers",
      "containers",
      "pulledAt",
      "lastUsedAt"
    ]
  },
  "LogLineView": {
    "type": "object",
    "description": "A line of the log of a service, of `GET /v1/services/ID/logs`. Oldest first.",
    "properties": {
      "number": {
        "type": "number",
        "description": "Counts the lines of the process."
      },
      "time": {
        "type": "string"
      },
      "level": {
        "type": "string",
        "enum": [
          "debug",
          "info",
          "warn",
          "error"
        ]
      },
      "msg": {
        "type": "string"
      },
      "traceId": {
        "type": "string"
      },
      "fields": {
        "type": "object",
        "additionalProperties": {},
        "description": "What the line names besides."
      }
    },
    "required": [
      "number",
      "time",
      "level",
      "msg",
      "fields"
    ]
  },
  "MachineView": {
    "type": "object",
    "description": "A machine, as Mesos names it: by both, or one of them.",
    "properties": {
      "hostname": {
        "type": "string"
      },
      "ip": {
        "type": "string"
      }
    }
  },
  "MaintenanceView": {
    "type": "object",
    "description": "Items of `GET /v1/maintenance`: a machine that is to be taken out of service, or is out of it. Served by `registry`. Times ISO 8601 UTC.",
    "properties": {
      "id": {
        "type": "string",
        "description": "Of its window: the machines of one window have it in common."
      },
      "machine": {
        "$ref": "#/components/schemas/MachineView"
      },
      "state": {
        "type": "string",
        "enum": [
          "draining",
          "down"
        ],
        "description": "`draining`: frameworks are asked to leave it."
      },
      "start": {
        "type": "string"
      },
      "durationMs": {
        "type": "number",
        "description": "Absent: until further notice."
      },
      "accepted": {
        "type": "number",
        "description": "Frameworks that have agreed to leave, and that have not."
      },
      "declined": {
        "type": "number"
      }
    },
    "required": [
      "id",
      "machine",
      "state",
      "start",
      "accepted",
      "declined"
    ]
  },
  "MaintenanceWindowView": {
    "type": "object",
    "description": "Answer to a change of `/v1/maintenance`: the window as it is then, or was.",
    "properties": {
      "id": {
        "type": "string"
      },
      "machines": {
        "type": "array",
        "items": {
          "$ref": "#/components/schemas/MachineView"
        }
      },
      "start": {
        "type": "string"
      },
      "durationMs": {
        "type": "number"
      },
      "effects": {
        "type": "object",
        "properties": {
          "tasks": {
            "type": "number",
            "description": "Tasks that live on the machines now."
          }
        },
        "required": [
          "tasks"
        ]
      }
    },
    "required": [
      "id",
      "machines",
      "start",
      "effects"
    ]
  },
  "MissingAgentView": {
    "type": "object",
    "description": "An agent that could not be asked.",
    "properties": {
      "agentId": {
        "type": "string"
      },
      "agentHostname": {
        "type": "string"
      },
      "detail": {
        "type": "string",
        "description": "Why, in words."
      }
    },
    "required": [
      "agentId",
      "agentHostname",
      "detail"
    ]
  },
  "OfferView": {
    "type": "object",
    "description": "`GET /v1/offers/ID`, items of `GET /v1/offers`. Served by `offers`. Times ISO 8601 UTC.",
    "properties": {
      "id": {
        "type": "string"
      },
      "frameworkId": {
        "type": "string"
      },
      "frameworkName": {
        "type": "string"
      },
      "agentId": {
        "type": "string"
      },
      "agentHostname": {
        "type": "string"
      },
      "role": {
        "type": "string"
      },
      "resources": {
        "$ref": "#/components/schemas/ResourceAmounts"
      },
      "madeAt": {
        "type": "string"
      },
      "expiresAt": {
        "type": "string"
      }
    },
    "required": [
      "id",
      "frameworkId",
      "frameworkName",
      "agentId",
      "agentHostname",
      "role",
      "resources",
      "madeAt"
    ]
  },
  "OperationStatusView": {
    "type": "object",
    "description": "One status of an operation, as `/v1/operations` shows it.",
    "properties": {
      "state": {
        "type": "string"
      },
      "message": {
        "type": "string"
      }
    },
    "required": [
      "state"
    ]
  },
  "OperationView": {
    "type": "object",
    "description": "`GET /v1/operations/ID`, items of `GET /v1/operations`. Served by `offers`. Times ISO 8601 UTC.",
    "properties": {
      "id": {
        "type": "string",
        "description": "Its UUID, as text."
      },
      "operationId": {
        "type": "string",
        "description": "The framework's own id of it, if it gave one."
      },
      "type": {
        "type": "string"
      },
      "state": {
        "type": "string"
      },
      "message": {
        "type": "string"
      },
      "frameworkId": {
        "type": "string",
        "description": "Absent for an operator's."
      },
      "frameworkName": {
        "type": "string"
      },
      "agentId": {
        "type": "string"
      },
      "agentHostname": {
        "type": "string"
      },
      "role": {
        "type": "string"
      },
      "consumed": {
        "type": "string",
        "description": "What it takes, and what it makes of it, in canonical text: `disk:40`, `disk(web)[data]:40`."
      },
      "converted": {
        "type": "string"
      },
      "acceptedAt": {
        "type": "string"
      },
      "endedAt": {
        "type": "string"
      },
      "statuses": {
        "type": "array",
        "items": {
          "$ref": "#/components/schemas/OperationStatusView"
        }
      },
      "traceId": {
        "type": "string"
      }
    },
    "required": [
      "id",
      "type",
      "state",
      "agentId",
      "agentHostname",
      "consumed",
      "converted",
      "acceptedAt",
      "statuses",
      "traceId"
    ]
  },
  "OutputTimesView": {
    "type": "object",
    "description": "`GET /v1/files/times?path=` of an agent, `GET /v1/tasks/ID/files/times?path=` through the registry.",
    "properties": {
      "items": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "at": {
              "type": "string"
            },
            "bytes": {
              "type": "number"
            }
          },
          "required": [
            "at",
            "bytes"
          ]
        },
        "description": "Oldest first. The file had so many bytes at that time (ISO 8601 UTC): what is before them was written before it."
      }
    },
    "required": [
      "items"
    ]
  },
  "PermissionView": {
    "type": "object",
    "description": "What of an action a caller may do.",
    "properties": {
      "action": {
        "type": "string",
        "description": "As in the ACLs: `update_quotas`."
      },
      "objects": {
        "type": "string",
        "description": "What it is done to: `roles`, `users`."
      },
      "may": {
        "type": "string",
        "enum": [
          "none",
          "all",
          "some"
        ]
      },
      "only": {
        "type": "array",
        "items": {
          "type": "string"
        },
        "description": "With `some`: those alone. `eng/%` is every role below `eng`."
      },
      "except": {
        "type": "array",
        "items": {
          "type": "string"
        },
        "description": "With `some`: all but those."
      }
    },
    "required": [
      "action",
      "objects",
      "may"
    ]
  },
  "QueueView": {
    "type": "object",
    "description": "A queue of the broker, of `GET /v1/queues`.",
    "properties": {
      "name": {
        "type": "string",
        "description": "Without the namespace of the mesh. `.queries` at its end: of questions. `dead-letters`: what nobody could handle."
      },
      "messages": {
        "type": "number",
        "description": "That wait. What its consumer has in hand is not counted."
      },
      "consumers": {
        "type": "number",
        "description": "0: nobody takes from it. Of those that stand in line behind the active one the broker counts some kinds' only."
      }
    },
    "required": [
      "name",
      "messages",
      "consumers"
    ]
  },
  "QuotaChangeView": {
    "type": "object",
    "description": "The answer to a change of a quota: what it is now, and what came of it.",
    "properties": {
      "effects": {
        "type": "object",
        "properties": {
          "rescindedOffers": {
            "type": "number",
            "description": "Offers that are taken back so that the quota can be kept."
          }
        },
        "required": [
          "rescindedOffers"
        ]
      },
      "role": {
        "type": "string"
      },
      "guarantee": {
        "$ref": "#/components/schemas/RoleAmounts"
      },
      "limit": {
        "$ref": "#/components/schemas/RoleAmounts",
        "description": "A resource without an entry is unlimited."
      },
      "consumed": {
        "$ref": "#/components/schemas/RoleAmounts",
        "description": "What counts against both, with the roles below."
      }
    },
    "required": [
      "effects",
      "role",
      "guarantee",
      "limit",
      "consumed"
    ]
  },
  "QuotaView": {
    "type": "object",
    "description": "Items of `GET /v1/quotas`. Served by `quota`.",
    "properties": {
      "role": {
        "type": "string"
      },
      "guarantee": {
        "$ref": "#/components/schemas/RoleAmounts"
      },
      "limit": {
        "$ref": "#/components/schemas/RoleAmounts",
        "description": "A resource without an entry is unlimited."
      },
      "consumed": {
        "$ref": "#/components/schemas/RoleAmounts",
        "description": "What counts against both, with the roles below."
      }
    },
    "required": [
      "role",
      "guarantee",
      "limit",
      "consumed"
    ]
  },
  "ReservationView": {
    "type": "object",
    "description": "Items of `GET /v1/reservations`: what of one agent is reserved in one way. Served by `quota`.",
    "properties": {
      "id": {
        "type": "string",
        "description": "Of the agent and the way in which it is reserved: it stays as the amounts change."
      },
      "agentId": {
        "type": "string"
      },
      "agentHostname": {
        "type": "string"
      },
      "role": {
        "type": "string"
      },
      "kind": {
        "type": "string",
        "enum": [
          "static",
          "dynamic"
        ],
        "description": "`static`: by the agent's own settings; only `dynamic` ones can be taken back."
      },
      "refines": {
        "type": "array",
        "items": {
          "type": "string"
        },
        "description": "Of a refined reservation: the roles that it was reserved to before, the first one first."
      },
      "principal": {
        "type": "string"
      },
      "labels": {
        "type": "object",
        "additionalProperties": {
          "type": "string"
        }
      },
      "resources": {
        "$ref": "#/components/schemas/ResourceAmounts",
        "description": "Volumes included."
      },
      "text": {
        "type": "string",
        "description": "All of it in canonical text."
      },
      "volumes": {
        "type": "array",
        "items": {
          "type": "string"
        },
        "description": "Ids of the volumes in it, as `GET /v1/volumes` shows them."
      }
    },
    "required": [
      "id",
      "agentId",
      "agentHostname",
      "role",
      "kind",
      "refines",
      "labels",
      "resources",
      "text",
      "volumes"
    ]
  },
  "ResourceAmounts": {
    "type": "object",
    "description": "Amounts of the well-known resources, units in the names; zero members are present. Ports as inclusive ranges.",
    "properties": {
      "cpus": {
        "type": "number"
      },
      "gpus": {
        "type": "number"
      },
      "memBytes": {
        "type": "number"
      },
      "diskBytes": {
        "type": "number"
      },
      "ports": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "begin": {
              "type": "number"
            },
            "end": {
              "type": "number"
            }
          },
          "required": [
            "begin",
            "end"
          ]
        }
      }
    },
    "required": [
      "cpus",
      "gpus",
      "memBytes",
      "diskBytes",
      "ports"
    ]
  },
  "RoleAmounts": {
    "type": "object",
    "description": "Amounts of scalar resources, units in the names. Only names that have an amount are there.",
    "properties": {
      "cpus": {
        "type": "number"
      },
      "gpus": {
        "type": "number"
      },
      "memBytes": {
        "type": "number"
      },
      "diskBytes": {
        "type": "number"
      }
    }
  },
  "RoleExplanationView": {
    "type": "object",
    "description": "`GET /v1/explain/roles/ROLE`. Served by `allocator`.",
    "properties": {
      "role": {
        "type": "string"
      },
      "chargedTo": {
        "type": "string",
        "description": "Top-level role whose quota it is charged to."
      },
      "weight": {
        "type": "number"
      },
      "share": {
        "type": "number",
        "description": "Dominant share, weight included; absent while nobody is in the role."
      },
      "guarantee": {
        "$ref": "#/components/schemas/AmountsByName"
      },
      "limit": {
        "$ref": "#/components/schemas/AmountsByName",
        "description": "A present zero means none at all; an absent name is unlimited."
      },
      "used": {
        "$ref": "#/components/schemas/AmountsByName",
        "description": "What counts as use: reservations of the role, used or not, and what it holds unreserved; of the latter what is only offered."
      },
      "counted": {
        "type": "object",
        "properties": {
          "reserved": {
            "$ref": "#/components/schemas/AmountsByName"
          },
          "held": {
            "$ref": "#/components/schemas/AmountsByName"
          },
          "offered": {
            "$ref": "#/components/schemas/AmountsByName"
          }
        },
        "required": [
          "reserved",
          "held",
          "offered"
        ]
      },
      "headroom": {
        "type": "object",
        "properties": {
          "available": {
            "$ref": "#/components/schemas/AmountsByName"
          },
          "lacking": {
            "$ref": "#/components/schemas/AmountsByName"
          },
          "keptForOthers": {
            "type": "array",
            "items": {
              "type": "object",
              "properties": {
                "role": {
                  "type": "string"
                },
                "amounts": {
                  "$ref": "#/components/schemas/AmountsByName"
                }
              },
              "required": [
                "role",
                "amounts"
              ]
            }
          }
        },
        "required": [
          "available",
          "lacking",
          "keptForOthers"
        ],
        "description": "What is free and unreserved in the cluster, what of it the role's guarantee still lacks, what is kept back for others."
      },
      "ahead": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "role": {
              "type": "string"
            },
            "share": {
              "type": "number"
            }
          },
          "required": [
            "role",
            "share"
          ]
        },
        "description": "Roles that are served before it."
      },
      "frameworks": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "id": {
              "type": "string"
            },
            "name": {
              "type": "string"
            },
            "share": {
              "type": "number"
            },
            "state": {
              "type": "string",
              "enum": [
                "active",
                "suppressed",
                "inactive"
              ]
            },
            "held": {
              "$ref": "#/components/schemas/AmountsByName"
            }
          },
          "required": [
            "id",
            "name",
            "share",
            "state",
            "held"
          ]
        },
        "description": "In the order in which they are served."
      }
    },
    "required": [
      "role",
      "chargedTo",
      "weight",
      "guarantee",
      "limit",
      "used",
      "counted",
      "headroom",
      "ahead",
      "frameworks"
    ]
  },
  "RoleView": {
    "type": "object",
    "description": "Items of `GET /v1/roles`. Served by `quota`. Amounts include the roles below.",
    "properties": {
      "name": {
        "type": "string"
      },
      "weight": {
        "type": "number"
      },
      "guarantee": {
        "$ref": "#/components/schemas/RoleAmounts"
      },
      "limit": {
        "$ref": "#/components/schemas/RoleAmounts",
        "description": "A resource without an entry is unlimited."
      },
      "consumed": {
        "$ref": "#/components/schemas/RoleAmounts",
        "description": "What counts against guarantee and limit."
      },
      "allocated": {
        "$ref": "#/components/schemas/RoleAmounts"
      },
      "offered": {
        "$ref": "#/components/schemas/RoleAmounts"
      },
      "reserved": {
        "$ref": "#/components/schemas/RoleAmounts"
      },
      "frameworks": {
        "type": "array",
        "items": {
          "type": "string"
        },
        "description": "Ids of the frameworks that are subscribed to this very role."
      }
    },
    "required": [
      "name",
      "weight",
      "guarantee",
      "limit",
      "consumed",
      "allocated",
      "offered",
      "reserved",
      "frameworks"
    ]
  },
  "ServiceView": {
    "type": "object",
    "description": "A part of the cluster that can be asked about itself, of `GET /v1/services`. Served by the registry, which asks for it over the mesh.",
    "properties": {
      "id": {
        "type": "string",
        "description": "`offers`: what works on all of it, or on its first partition; `offers.1`: on another one; `quota-1f6c…`: a replica as a process; `agent.ID`."
      },
      "service": {
        "type": "string"
      },
      "replica": {
        "type": "string",
        "description": "The process that it is in."
      },
      "host": {
        "type": "string",
        "description": "Name of its machine or pod."
      },
      "version": {
        "type": "string"
      },
      "startedAt": {
        "type": "string",
        "description": "Of the process. ISO 8601."
      },
      "role": {
        "type": "string",
        "enum": [
          "active",
          "standby"
        ],
        "description": "`standby`: it waits for its turn."
      },
      "partitions": {
        "type": "array",
        "items": {
          "type": "number"
        },
        "description": "Of a service that is cut into partitions: those that it works on."
      },
      "ready": {
        "type": "boolean",
        "description": "Whether it has all it cannot work without."
      },
      "dependencies": {
        "type": "object",
        "additionalProperties": {
          "anyOf": [
            {
              "type": "string"
            },
            {
              "const": true
            }
          ]
        },
        "description": "Each true, or what is wrong; `usable: …` where it goes on without."
      },
      "missing": {
        "type": "string",
        "description": "Why it could not be asked. Then it counts as not ready."
      }
    },
    "required": [
      "id",
      "service",
      "ready",
      "dependencies"
    ]
  },
  "SettingView": {
    "type": "object",
    "description": "One option of a service, of `GET /v1/settings`. Served by each.",
    "properties": {
      "name": {
        "type": "string",
        "description": "Of its environment variable."
      },
      "value": {
        "description": "Secrets are masked; null when nothing is set."
      },
      "origin": {
        "type": "string",
        "enum": [
          "environment",
          "file",
          "default",
          "program"
        ],
        "description": "`program`: whoever started the service in its own process has set it."
      },
      "default": {},
      "type": {
        "type": "string"
      },
      "unit": {
        "type": "string"
      },
      "description": {
        "type": "string"
      }
    },
    "required": [
      "name",
      "value",
      "origin",
      "default",
      "type",
      "description"
    ]
  },
  "ShareView": {
    "type": "object",
    "description": "Items of `GET /v1/shares`, in the order in which the next resources would be given. Served by `allocator`.",
    "properties": {
      "role": {
        "type": "string"
      },
      "frameworkId": {
        "type": "string",
        "description": "Absent for the role itself."
      },
      "share": {
        "type": "number",
        "description": "As the order compares it: the dominant share divided by the weight. Absent where shares play no part."
      },
      "weight": {
        "type": "number"
      },
      "isActive": {
        "type": "boolean",
        "description": "Whether a cycle may offer it something now."
      }
    },
    "required": [
      "role",
      "weight",
      "isActive"
    ]
  },
  "TaskStatusView": {
    "type": "object",
    "description": "One status of a task, as `/v1/tasks` shows it.",
    "properties": {
      "state": {
        "type": "string"
      },
      "source": {
        "type": "string"
      },
      "reason": {
        "type": "string"
      },
      "message": {
        "type": "string"
      },
      "healthy": {
        "type": "boolean"
      },
      "at": {
        "type": "string",
        "description": "ISO 8601 UTC."
      }
    },
    "required": [
      "state",
      "at"
    ]
  },
  "TaskView": {
    "type": "object",
    "description": "`GET /v1/tasks/ID`, items of `GET /v1/tasks`. Served by `offers`.",
    "properties": {
      "id": {
        "type": "string"
      },
      "name": {
        "type": "string"
      },
      "frameworkId": {
        "type": "string"
      },
      "frameworkName": {
        "type": "string"
      },
      "agentId": {
        "type": "string"
      },
      "agentHostname": {
        "type": "string"
      },
      "containerId": {
        "type": "string",
        "description": "Of the container that it runs or ran in, once known; below that of its executor as `EXECUTOR.TASK`."
      },
      "hasTerminal": {
        "const": true,
        "description": "That container has a terminal, which can be attached to."
      },
      "role": {
        "type": "string"
      },
      "user": {
        "type": "string"
      },
      "state": {
        "type": "string"
      },
      "cause": {
        "type": "string",
        "description": "Short and always set when the task is not simply running: `exit 1`, `OOM 32 MiB`, `killed`, `staging`."
      },
      "progress": {
        "type": "object",
        "properties": {
          "step": {
            "type": "string",
            "enum": [
              "fetching",
              "pulling"
            ]
          },
          "percent": {
            "type": "number",
            "description": "0 to 100."
          },
          "doneBytes": {
            "type": "number",
            "description": "Of an image, as it is sent."
          },
          "totalBytes": {
            "type": "number"
          }
        },
        "required": [
          "step"
        ],
        "description": "What its launch waits for, while it does."
      },
      "healthy": {
        "type": "boolean"
      },
      "sandboxUntil": {
        "type": "string",
        "description": "Until when the sandbox of the ended task can be read, if it is not removed earlier for want of space; ISO 8601 UTC."
      },
      "resources": {
        "$ref": "#/components/schemas/ResourceAmounts",
        "description": "What it was given, without what its executor has."
      },
      "labels": {
        "type": "object",
        "additionalProperties": {
          "type": "string"
        }
      },
      "command": {
        "type": "string",
        "description": "The command as text, for people."
      },
      "restarts": {
        "type": "number",
        "description": "While it lives: how many tasks of its name its framework has had before it, as far as they are remembered."
      },
      "launchedAt": {
        "type": "string"
      },
      "runningAt": {
        "type": "string"
      },
      "endedAt": {
        "type": "string"
      },
      "exitCode": {
        "type": "number",
        "description": "Raw wait status decoded, once ended: exactly one of the two, when known."
      },
      "signal": {
        "type": "number"
      },
      "statuses": {
        "type": "array",
        "items": {
          "$ref": "#/components/schemas/TaskStatusView"
        }
      },
      "traceId": {
        "type": "string"
      }
    },
    "required": [
      "id",
      "name",
      "frameworkId",
      "frameworkName",
      "agentId",
      "agentHostname",
      "role",
      "user",
      "state",
      "resources",
      "labels",
      "launchedAt",
      "statuses",
      "traceId"
    ]
  },
  "TraceItemView": {
    "type": "object",
    "description": "One trace of `GET /v1/traces`, newest first; `?slow=MS&error=true&service=S`.",
    "properties": {
      "services": {
        "type": "array",
        "items": {
          "type": "string"
        },
        "description": "Who has spans of it."
      },
      "error": {
        "type": "string"
      },
      "traceId": {
        "type": "string"
      },
      "spans": {
        "type": "number"
      },
      "name": {
        "type": "string",
        "description": "Name of the first span."
      },
      "startMs": {
        "type": "number"
      },
      "endMs": {
        "type": "number"
      },
      "attributes": {
        "type": "object",
        "additionalProperties": {
          "anyOf": [
            {
              "type": "string"
            },
            {
              "type": "number"
            },
            {
              "const": false
            },
            {
              "const": true
            }
          ]
        },
        "description": "Of the first span, and of the first one that is about a task."
      },
      "longestMs": {
        "type": "number",
        "description": "Length of its longest span."
      }
    },
    "required": [
      "services",
      "traceId",
      "spans",
      "name",
      "startMs",
      "endMs",
      "attributes",
      "longestMs"
    ]
  },
  "TracePartView": {
    "type": "object",
    "description": "What one service or agent has of a trace, or why nothing.",
    "properties": {
      "agentId": {
        "type": "string"
      },
      "hostname": {
        "type": "string"
      },
      "missing": {
        "type": "string",
        "description": "Why something is or may be missing: `spans no longer kept`, `does not answer`."
      },
      "traceId": {
        "type": "string",
        "description": "Whole, also when it was asked for by its beginning; absent when nothing is kept."
      },
      "service": {
        "type": "string",
        "description": "`offers`; an agent in the local cluster has the name of its host."
      },
      "spans": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "error": {
              "type": "string",
              "description": "What went wrong."
            },
            "parentSpanId": {
              "type": "string"
            },
            "traceId": {
              "type": "string",
              "description": "Another one than its part's when the span belongs to several traces: it handled a batch."
            },
            "spanId": {
              "type": "string"
            },
            "name": {
              "type": "string"
            },
            "kind": {
              "type": "string",
              "description": "OpenTelemetry's: internal, server, client, producer, consumer."
            },
            "startMs": {
              "type": "number"
            },
            "endMs": {
              "type": "number"
            },
            "attributes": {
              "type": "object",
              "additionalProperties": {
                "anyOf": [
                  {
                    "type": "string"
                  },
                  {
                    "type": "number"
                  },
                  {
                    "const": false
                  },
                  {
                    "const": true
                  }
                ]
              }
            },
            "links": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "traceId": {
                    "type": "string"
                  },
                  "spanId": {
                    "type": "string"
                  }
                },
                "required": [
                  "traceId",
                  "spanId"
                ]
              }
            }
          },
          "required": [
            "traceId",
            "spanId",
            "name",
            "kind",
            "startMs",
            "endMs",
            "attributes",
            "links"
          ]
        }
      },
      "logs": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "spanId": {
              "type": "string"
            },
            "timeMs": {
              "type": "number"
            },
            "level": {
              "type": "string"
            },
            "message": {
              "type": "string"
            },
            "fields": {
              "type": "object",
              "additionalProperties": {}
            }
          },
          "required": [
            "spanId",
            "timeMs",
            "level",
            "message",
            "fields"
          ]
        }
      },
      "dropped": {
        "type": "number",
        "description": "Spans and lines that had no room."
      },
      "completeSinceMs": {
        "type": "number",
        "description": "What began before this may have been forgotten; milliseconds since the epoch."
      }
    },
    "required": [
      "service",
      "spans",
      "logs",
      "dropped",
      "completeSinceMs"
    ]
  },
  "TraceView": {
    "type": "object",
    "description": "`GET /v1/traces/ID`. The public address gives the parts of all services and of the agents concerned; each service its own.",
    "properties": {
      "traceId": {
        "type": "string"
      },
      "parts": {
        "type": "array",
        "items": {
          "$ref": "#/components/schemas/TracePartView"
        }
      }
    },
    "required": [
      "traceId",
      "parts"
    ]
  },
  "VolumeView": {
    "type": "object",
    "description": "Items of `GET /v1/volumes`: a persistent volume. Served by `quota`.",
    "properties": {
      "id": {
        "type": "string"
      },
      "persistenceId": {
        "type": "string",
        "description": "Unique for its role on its agent."
      },
      "agentId": {
        "type": "string"
      },
      "agentHostname": {
        "type": "string"
      },
      "role": {
        "type": "string"
      },
      "diskBytes": {
        "type": "number"
      },
      "containerPath": {
        "type": "string"
      },
      "isShared": {
        "type": "boolean"
      },
      "principal": {
        "type": "string"
      },
      "reservationId": {
        "type": "string",
        "description": "The reservation that it is part of."
      }
    },
    "required": [
      "id",
      "persistenceId",
      "agentId",
      "agentHostname",
      "role",
      "diskBytes",
      "containerPath",
      "isShared",
      "reservationId"
    ]
  },
  "WeightView": {
    "type": "object",
    "description": "Items of `GET /v1/weights`. Served by `quota`.",
    "properties": {
      "role": {
        "type": "string"
      },
      "weight": {
        "type": "number"
      }
    },
    "required": [
      "role",
      "weight"
    ]
  }
};
