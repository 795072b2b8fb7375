using System.Text.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Polls.Api.Health;
using Polls.Api.Tokens;

namespace Polls.Api.Setup;

/// <summary>
/// <c>/openapi/v1.json</c>: adds to the framework's description what the framework cannot derive: tokens,
/// errors, the room code in the path (read by the access rule, not by handlers), and optional members.
/// </summary>
internal static class ApiDescription
{
    private const string Token = "token";
    private const string AccountToken = "accountToken";
    private const string Problem = "Problem";

    public static void AddApiDescription(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) => Describe(document));
        options.AddOperationTransformer((operation, context, _) => Describe(operation, context));
        options.AddSchemaTransformer((schema, context, _) => Describe(schema, context));
    });

    private static Task Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Polls", Version = BuildInfo.Version,
            Description = "Realtime voting. Errors are RFC 9457 problems with a stable `code`; "
                + "a request that was refused with 503 can be retried unchanged.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Token] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http, Scheme = "bearer",
                Description = "The token of a host, a participant or a screen, from the response that created it.",
            },
            [AccountToken] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http, Scheme = "bearer",
                Description = "The access token of an account, from the sign-in response.",
            },
        };
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        document.Components.Schemas[Problem] = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { "status", "code" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["type"] = new OpenApiSchema { Type = JsonSchemaType.String },
                ["title"] = new OpenApiSchema { Type = JsonSchemaType.String },
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
                ["detail"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.String, Description = "For people; may change."
                },
                ["code"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.String, Description = "Stable, such as `poll.notOpen`."
                },
            },
        };
        return Task.CompletedTask;
    }

    private static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var path = context.Description.RelativePath ?? "";
        operation.Parameters ??= [];
        if (path.Contains("{code}", StringComparison.Ordinal)
            && operation.Parameters.All(parameter => parameter.Name != "code"))
        {
            operation.Parameters.Insert(0, new OpenApiParameter
            {
                Name = "code", In = ParameterLocation.Path, Required = true,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        }

        // Handlers take them as texts, so that each wrong one gets the same error.
        foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>()
            .Where(parameter => parameter.Name is "revision" or "limit"))
        {
            parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" };
        }

        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<RoomRoles>().FirstOrDefault() is { } rule)
        {
            operation.Security =
                [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Token, context.Document)] = [] }];
            var roles = rule.Roles.Select(role => JsonNamingPolicy.CamelCase.ConvertName($"{role}"));
            operation.Description = $"For: {string.Join(", ", roles)}.";
        }

        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<AccountRule>().FirstOrDefault() is { } account)
        {
            operation.Security =
            [
                new OpenApiSecurityRequirement
                {
                    [new OpenApiSecuritySchemeReference(AccountToken, context.Document)] = []
                }
            ];
            if (!account.Required)
            {
                // An empty requirement makes the token optional.
                operation.Security.Add([]);
            }
        }

        operation.Responses ??= [];
        operation.Responses.TryAdd("4XX", Refused("Refused; `code` contains the reason.", context.Document));
        if (operation.Responses.TryAdd(
            "503", Refused("Temporarily unavailable. The same request can be retried.", context.Document)))
        {
            ((OpenApiResponse)operation.Responses["503"]).Headers = new Dictionary<string, IOpenApiHeader>
            {
                ["Retry-After"] = new OpenApiHeader
                {
                    Description = "Seconds.", Schema = new OpenApiSchema { Type = JsonSchemaType.Integer }
                },
            };
        }

        return Task.CompletedTask;
    }

    // Members without a value are omitted from responses and can be omitted from requests.
    private static Task Describe(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        foreach (var property in context.JsonTypeInfo.Properties)
        {
            if (property.IsGetNullable || Nullable.GetUnderlyingType(property.PropertyType) is not null)
            {
                schema.Required?.Remove(property.Name);
            }
        }

        if ((Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type).IsEnum)
        {
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. (schema.Enum ?? [])
                .Where(value => value?.GetValueKind() == System.Text.Json.JsonValueKind.String)];
        }

        return Task.CompletedTask;
    }

    private static OpenApiResponse Refused(string description, OpenApiDocument? document) => new()
    {
        Description = description,
        Content = new Dictionary<string, OpenApiMediaType>
        {
            ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference(Problem, document) },
        },
    };
}
