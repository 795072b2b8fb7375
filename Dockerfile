# The image polls-api: the API with the pages in it.
#   docker build -t polls-api --build-arg COMMIT="$(git rev-parse HEAD)" --build-arg BUILT_AT="$(date -u +%FT%TZ)" .

FROM node:22-bookworm-slim AS web
WORKDIR /web
# Packages first, so that this layer changes only with them.
COPY Polls.Web/package.json Polls.Web/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
COPY Polls.Web ./
RUN npm run build --silent -- /wwwroot

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src
# Leave no compiler process in builders that share the machine's processes.
ENV UseSharedCompilation=false MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
ENV DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
COPY .editorconfig global.json Directory.Build.props Directory.Packages.props ./
COPY Polls.Core/Polls.Core.csproj Polls.Core/
COPY Polls.Api/Polls.Api.csproj Polls.Api/
COPY Polls.Web/Polls.Web.targets Polls.Web/
RUN dotnet restore Polls.Api/Polls.Api.csproj
COPY Polls.Core Polls.Core
COPY Polls.Api Polls.Api
COPY --from=web /wwwroot Polls.Api/wwwroot
# Shown by /health if set.
ARG VERSION=
ARG COMMIT=
ARG BUILT_AT=
# Analyzers run in ./test and take most of a build's time.
RUN dotnet publish Polls.Api/Polls.Api.csproj -c Release -o /app --no-restore -p:WebIsBuilt=true -p:UseAppHost=false -p:RunAnalyzers=false \
      -p:PublishDocumentationFiles=false ${VERSION:+-p:Version="$VERSION"} ${COMMIT:+-p:SourceRevisionId="$COMMIT"} \
      ${BUILT_AT:+-p:BuiltAt="$BUILT_AT"}

FROM mcr.microsoft.com/dotnet/aspnet:10.0
ARG VERSION=
ARG COMMIT=
ARG BUILT_AT=
LABEL org.opencontainers.image.title="polls-api" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$COMMIT" \
      org.opencontainers.image.created="$BUILT_AT"
WORKDIR /app
COPY --from=build /app ./
# Diagnostics would create sockets in /tmp; the root file system should stay read-only.
ENV ASPNETCORE_HTTP_PORTS=8080 \
    Management__Url=http://*:9464 \
    DOTNET_EnableDiagnostics=0
EXPOSE 8080 9464
USER $APP_UID
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["dotnet", "Polls.Api.dll", "health"]
ENTRYPOINT ["dotnet", "Polls.Api.dll"]
