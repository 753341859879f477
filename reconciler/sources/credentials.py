"""Names of environment variables that hold credentials of this tool, of a pipeline or of the machine it runs on.

An inventory may be anybody's proposal. A secret that it names is sent to the cloud, where everybody who may read the
organisation finds it in a field such as `notes`: what opens a repository, a registry or a cloud account is no secret of
an inventory, whatever the project file allows.
"""

import re
from functools import cache

_CREDENTIALS = (
    # ours
    r"MIST_.*TOKEN.*|MIST_(?:PASSWORD|USER(?:NAME)?|EMAIL)|RECONCILER_.*",
    # GitHub and its runners
    r"GITHUB_.*|GH_.*|ACTIONS_.*|RUNNER_.*|INPUT_.*TOKEN.*",
    # GitLab
    r"CI_.*(?:TOKEN|PASSWORD|JWT|KEY|SECRET).*|CI_REGISTRY_USER|CI_DEPLOY_USER|GITLAB_.*|GL_TOKEN|.*_ID_TOKEN",
    # other pipelines
    r"SYSTEM_(?:ACCESSTOKEN|OIDC.*)|TF_TOKEN_.*|BITBUCKET_.*|CIRCLE_.*TOKEN.*|BUILDKITE_.*TOKEN.*|DRONE_.*|JENKINS_.*",
    r"TRAVIS_.*|TEAMCITY_.*|GITEA_.*TOKEN.*|FORGEJO_.*TOKEN.*|WOODPECKER_.*|SEMAPHORE_.*TOKEN.*|CODECOV_TOKEN",
    # cloud accounts
    r"AWS_.*|AZURE_.*|ARM_.*|IDENTITY_(?:HEADER|ENDPOINT)|MSI_(?:SECRET|ENDPOINT)|GOOGLE_.*|GCP_.*|GCLOUD_.*|CLOUDSDK_.*",
    r"DIGITALOCEAN_.*TOKEN.*|CLOUDFLARE_.*(?:TOKEN|KEY).*|HCLOUD_TOKEN|OS_(?:PASSWORD|TOKEN)",
    # secret stores, registries, machines
    r"VAULT_.*|OP_.*TOKEN.*|BW_SESSION|SOPS_.*|AGE_.*KEY.*|CONJUR_.*|DOPPLER_TOKEN|INFISICAL_.*",
    r"NPM_TOKEN|NODE_AUTH_TOKEN|PYPI_.*|TWINE_.*|UV_.*(?:TOKEN|PASSWORD).*|CARGO_.*TOKEN.*|DOCKER_.*|REGISTRY_.*",
    r"SSH_.*|GPG_.*|GNUPG.*|KUBE.*|HELM_.*PASSWORD.*|ANSIBLE_.*PASSWORD.*|SUDO_.*|PGPASSWORD|MYSQL_PWD|NETRC",
)


def is_credential(name: str) -> bool:
    """Whether a variable of this name is no inventory's secret."""
    return _any_of_them().fullmatch(name) is not None


@cache
def _any_of_them() -> re.Pattern[str]:
    """Compiled when it is asked for: it takes longer than all that an inventory without secrets needs."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in _CREDENTIALS), re.IGNORECASE)
