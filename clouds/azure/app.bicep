// The instances in Azure Container Apps. Deploy base.bicep and run its job first; clouds/azure/deploy does both.
targetScope = 'resourceGroup'

@description('Region of the environment.')
param location string = resourceGroup().location

@description('Resource id of the environment: the output environmentId of base.bicep.')
param environmentId string

@description('The image by digest, such as REGISTRY.azurecr.io/polls-api@sha256:...')
param image string

@description('Name of the registry, such as REGISTRY.azurecr.io.')
param registryServer string

@description('Resource id of a user-assigned identity that may pull from the registry (role AcrPull).')
param pullIdentityId string

@description('Connection string of PostgreSQL for the instances.')
@secure()
@minLength(1)
param pollsConnection string

@description('Connection string of Redis. With several instances it is necessary.')
@secure()
@minLength(1)
param redisConnection string

@description('Public address for join links and QR codes, such as https://polls.example')
param publicUrl string

@description('''Networks of the ingress: Proxy__Trusted. The subnet of the instances, and the range that Container Apps reserves for
itself in environments with workload profiles.''')
param trustedProxies string = '10.40.0.0/23,100.100.0.0/16'

@description('Least number of instances. One alone would interrupt the service when it is replaced.')
@minValue(2)
@maxValue(300)
param minInstances int = 2

@description('Greatest number of instances.')
@minValue(2)
@maxValue(300)
param maxInstances int = 10

@description('Connections of one instance to PostgreSQL. During a rollout the old and the new instances run side by side.')
@minValue(2)
@maxValue(1000)
param maxPoolSize int = 8

@description('Requests per second and instance above which instances are added. Open WebSockets are not requests.')
@minValue(1)
param requestsPerInstance int = 500

resource app 'Microsoft.App/containerApps@2024-03-01' = {
  name: 'polls-api'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${pullIdentityId}': {}
    }
  }
  properties: {
    environmentId: environmentId
    workloadProfileName: 'Consumption'
    configuration: {
      // Session affinity needs the single mode. A new revision gets requests when it is ready.
      activeRevisionsMode: 'Single'
      maxInactiveRevisions: 5
      ingress: {
        external: true
        // Only this port is reachable. The management port is not listed, so it has no address outside of its instance.
        targetPort: 8080
        transport: 'auto'
        allowInsecure: false
        stickySessions: {
          affinity: 'sticky'
        }
      }
      registries: [
        {
          server: registryServer
          identity: pullIdentityId
        }
      ]
      secrets: [
        {
          name: 'polls-connection'
          value: pollsConnection
        }
        {
          name: 'redis-connection'
          value: redisConnection
        }
      ]
    }
    template: {
      // An instance stops within 30 s of SIGTERM.
      terminationGracePeriodSeconds: 30
      containers: [
        {
          name: 'api'
          image: image
          resources: {
            cpu: json('1.0')
            memory: '2Gi'
          }
          env: [
            {
              name: 'ASPNETCORE_HTTP_PORTS'
              value: '8080'
            }
            {
              name: 'Management__Url'
              value: 'http://*:9464'
            }
            {
              name: 'Public__BaseUrl'
              value: publicUrl
            }
            {
              name: 'Proxy__Trusted'
              value: trustedProxies
            }
            {
              // The job migrates, so the role of the instances needs no rights for it.
              name: 'Database__MigrateAtStart'
              value: 'false'
            }
            {
              name: 'Database__MaxPoolSize'
              value: string(maxPoolSize)
            }
            {
              name: 'ConnectionStrings__Polls'
              secretRef: 'polls-connection'
            }
            {
              name: 'ConnectionStrings__Redis'
              secretRef: 'redis-connection'
            }
          ]
          probes: [
            {
              // A start waits one minute for PostgreSQL and the schema, then exits with a message.
              type: 'Startup'
              httpGet: {
                path: '/health/ready'
                port: 8080
              }
              periodSeconds: 10
              timeoutSeconds: 4
              failureThreshold: 10
            }
            {
              type: 'Readiness'
              httpGet: {
                path: '/health/ready'
                port: 8080
              }
              periodSeconds: 5
              timeoutSeconds: 4
              failureThreshold: 2
            }
            {
              // Independent of PostgreSQL and Redis: a restart would not repair them, and would disconnect all clients.
              type: 'Liveness'
              httpGet: {
                path: '/health/live'
                port: 8080
              }
              periodSeconds: 10
              timeoutSeconds: 5
              failureThreshold: 6
            }
          ]
        }
      ]
      scale: {
        minReplicas: minInstances
        maxReplicas: maxInstances
        rules: [
          {
            name: 'requests'
            http: {
              metadata: {
                concurrentRequests: string(requestsPerInstance)
              }
            }
          }
          {
            name: 'cpu'
            custom: {
              type: 'cpu'
              metadata: {
                type: 'Utilization'
                value: '70'
              }
            }
          }
        ]
      }
    }
  }
}

output address string = 'https://${app.properties.configuration.ingress.fqdn}'
