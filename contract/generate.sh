#!/bin/sh
# Generates from openapi.yaml what the clients have of it: clients/csharp/Generated and clients/typescript/src/contract.ts.
#
#   contract/generate.sh [FOLDER]     FOLDER takes the files instead of ../clients, for looking at the difference
#
# Exit codes: 0 done, 1 failed, 3 the generators are not installed. Python, sh and Lua are written by hand; their READMEs say why.
set -u
folder=$(realpath -m "${1:-$(dirname "$0")/../clients}") || exit 1
cd "$(dirname "$0")" || exit 1
if [ ! -x node_modules/.bin/nswag ] || [ ! -x ../clients/typescript/node_modules/.bin/openapi-typescript ]; then
    echo "nothing was generated: the generators are npm packages, which contract/install.sh installs where Node.js is" >&2
    exit 3
fi
mkdir -p "$folder/csharp/Generated" "$folder/typescript/src" || exit 1
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

quietly() {
    "$@" > "$log" 2>&1 && return
    cat "$log" >&2
    exit 1
}

# What is optional is nullable and without a default, so that a submission says no more than its author did. The layer in front of
# the generated class has the retries and the streams; `wrapResponses` lets it see the ETag.
quietly node_modules/.bin/nswag openapi2csclient /runtime:Net100 \
    /input:../openapi.yaml "/output:$folder/csharp/Generated/KuidApi.cs" \
    /namespace:Kuid.Client /className:KuidApi /exceptionClass:KuidApiException /responseClass:KuidAnswer \
    /jsonLibrary:SystemTextJson /jsonLibraryVersion:9 /wrapResponses:true \
    /generateNullableReferenceTypes:true /generateOptionalPropertiesAsNullable:true /generateDefaultValues:false \
    /generateOptionalParameters:true /injectHttpClient:true /disposeHttpClient:false \
    /dateTimeType:System.DateTimeOffset /arrayType:System.Collections.Generic.IReadOnlyList /arrayInstanceType:System.Collections.Generic.List \
    /generateDataAnnotations:false

# Not the folder that is generated into: this finds the lint rules of the contract, which are none of its business, in ours.
cd ../clients/typescript || exit 1
quietly node_modules/.bin/openapi-typescript ../../openapi.yaml --default-non-nullable false --output "$folder/typescript/src/contract.ts"
