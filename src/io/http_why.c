/* What a cashier or an owner can do about a transfer that went wrong. */
#include "src/base/i18n.h"
#include "src/io/http_private.h"

#include <curl/curl.h>
#include <errno.h>
#include <openssl/x509_vfy.h>

static const char *why_no_connection(const struct zg_http_fault *fault)
{
	switch (fault->error) {
	case ENETUNREACH:
	case ENETDOWN:
	case EHOSTUNREACH:
		return _("No network. Check the cable or the Wi-Fi, and the router.");
	case ETIMEDOUT:
		return _("No connection came about in time. Check the network, then try again.");
	default:
		return _("The server refuses the connection. Try again later, or check the address in the settings.");
	}
}

/* curl compares the names itself, before it asks OpenSSL: nothing is specified then. */
static const char *why_no_trust(const struct zg_http_fault *fault)
{
	switch (fault->verified) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
		return _("The server's certificate has expired, or the date of this till is wrong. Check the date; if it is right, do not go on.");
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return _("The server's certificate is not valid yet, or the date of this till is wrong. Check the date; if it is right, do not go on.");
	case X509_V_OK:
	case X509_V_ERR_UNSPECIFIED:
	case X509_V_ERR_HOSTNAME_MISMATCH:
	case X509_V_ERR_IP_ADDRESS_MISMATCH:
		return _("The server has a certificate for another name. Check the address in the settings; if it is right, do not go on.");
	case X509_V_ERR_CERT_REVOKED:
		return _("The server's certificate was revoked. Do not go on; ask the payment channel's service.");
	default:
		return _("The server's certificate is not one that we trust. Check the address and the certificate file in the settings; if they are right, do not go on.");
	}
}

static const char *why_before_sending(const struct zg_http_fault *fault)
{
	switch (fault->code) {
	case CURLE_COULDNT_RESOLVE_HOST:
		return _("The server's name was not found. Check the network, then the address in the settings.");
	case CURLE_COULDNT_CONNECT:
		return fault->has_proxy ? _("The proxy does not answer. Check the network, then the proxy in the settings.") : why_no_connection(fault);
	case CURLE_OPERATION_TIMEDOUT:
		return _("No connection came about in time. Check the network, then try again.");
	case CURLE_PEER_FAILED_VERIFICATION:
		return why_no_trust(fault);
	case CURLE_SSL_CERTPROBLEM:
		return _("The shop's certificate or its key cannot be used. Check both files in the settings.");
	case CURLE_SSL_CACERT_BADFILE:
		return _("The file of trusted certificates cannot be read. Check it in the settings.");
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_PROXY:
		return _("The proxy does not answer. Check the network, then the proxy in the settings.");
	case CURLE_SSL_CONNECT_ERROR:
		return _("No safe connection came about (TLS 1.2 or newer, and a certificate that we trust). Try again later, or check the address in the settings.");
	default:
		return fault->has_proxy ? _("The proxy let nothing through. Check it, and the proxy in the settings.") :
					  _("The connection broke off before anything was sent. Try again.");
	}
}

const char *zg_http_why(const struct zg_http_fault *fault)
{
	if (!fault->has_begun)
		return why_before_sending(fault);
	switch (fault->code) {
	case CURLE_OPERATION_TIMEDOUT:
		return _("The server did not answer in time.");
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_UNSUPPORTED_PROTOCOL:    /* not even a status line */
	case CURLE_BAD_CONTENT_ENCODING:
		return _("The server sent something that is no answer. Check the address in the settings.");
	default:
		return _("The connection broke off before the answer was whole.");
	}
}
