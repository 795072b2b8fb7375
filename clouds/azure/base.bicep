// What the instances need in Azure Container Apps: a network, an environment, a log workspace, and the job that updates the
// schema. No PostgreSQL, no Redis, no registry: their addresses are parameters. clouds/azure/deploy deploys this file, runs
// the job, and then deploys app.bicep. docs/clouds.md describes both.
targetScope = 'resourceGroup'

@description('Region of all resources.')
param location string = resourceGroup().location

@description('The image by digest, such as REGISTRY.azurecr.io/polls-api@sha256:...')
param image string

@description('Name of the registry, such as REGISTRY.azurecr.io.')
param registryServer string

@description('Resource id of a user-assigned identity that may pull from the registry (role AcrPull).')
param pullIdentityId string

@description('Connection string of PostgreSQL for the job. Its role owns the tables.')
@secure()
@minLength(1)
param pollsOwnerConnection string

@description('Network of the environment. Nothing else may be in it.')
param networkPrefix string = '10.40.0.0/16'

@description('Subnet of the instances, inside networkPrefix.')
param subnetPrefix string = '10.40.0.0/23'

@description('How many days the logs are kept.')
@minValue(30)
@maxValue(730)
param logDays int = 30

resource logs 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: 'polls-logs'
  location: location
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: logDays
  }
}

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'polls-network'
  location: location
  properties: {
    addressSpace: {
      addressPrefixes: [networkPrefix]
    }
    subnets: [
      {
        name: 'instances'
        properties: {
          addressPrefix: subnetPrefix
          delegations: [
            {
              name: 'environments'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
    ]
  }
}

resource environment 'Microsoft.App/managedEnvironments@2024-03-01' = {
  name: 'polls'
  location: location
  properties: {
    vnetConfiguration: {
      infrastructureSubnetId: network.properties.subnets[0].id
      internal: false
    }
    workloadProfiles: [
      {
        name: 'Consumption'
        workloadProfileType: 'Consumption'
      }
    ]
    appLogsConfiguration: {
      destination: 'log-analytics'
      logAnalyticsConfiguration: {
        customerId: logs.properties.customerId
        sharedKey: logs.listKeys().primarySharedKey
      }
    }
  }
}

// Started by clouds/azure/deploy before the instances of a new version.
resource migrate 'Microsoft.App/jobs@2024-03-01' = {
  name: 'polls-migrate'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${pullIdentityId}': {}
    }
  }
  properties: {
    environmentId: environment.id
    workloadProfileName: 'Consumption'
    configuration: {
      triggerType: 'Manual'
      replicaTimeout: 900
      replicaRetryLimit: 2
      manualTriggerConfig: {
        parallelism: 1
        replicaCompletionCount: 1
      }
      registries: [
        {
          server: registryServer
          identity: pullIdentityId
        }
      ]
      secrets: [
        {
          name: 'polls-owner-connection'
          value: pollsOwnerConnection
        }
      ]
    }
    template: {
      containers: [
        {
          name: 'migrate'
          image: image
          args: ['migrate']
          resources: {
            cpu: json('0.25')
            memory: '0.5Gi'
          }
          env: [
            {
              name: 'ConnectionStrings__Polls'
              secretRef: 'polls-owner-connection'
            }
          ]
        }
      ]
    }
  }
}

output environmentId string = environment.id
output defaultDomain string = environment.properties.defaultDomain
output outboundSubnetId string = network.properties.subnets[0].id
